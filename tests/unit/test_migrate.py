import sqlalchemy as sa

from tf_integration.store import warehouse


def test_a_second_migration_does_nothing(db):
    assert warehouse.migrate(db) == []
    assert db.execute(sa.text("select count(*) from core.fact")).scalar() == 0
