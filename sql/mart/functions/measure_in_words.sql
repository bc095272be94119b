-- what:  a measure's name and figure in plain words; shares as per cent
-- grain: one measure
-- reads: nothing; the measure's name and its figures
-- key:   none
CREATE OR REPLACE FUNCTION mart.measure_in_words(name text, quantity numeric, usual_low numeric, usual_high numeric) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
        WHEN name LIKE 'null:%' THEN 'blank ' || substr(name, 6)
        WHEN name LIKE 'code:%' THEN split_part(name, ':', 2) || ' ' || split_part(name, ':', 3)
        WHEN name LIKE 'warned:%' THEN concat_ws(' ', replace(split_part(name, ':', 2), '_', ' '), nullif(split_part(name, ':', 3), ''))
        WHEN name = 'overlap:keys' THEN 'keys of the last file that are there again'
        WHEN name = 'overlap:people' THEN 'people whom the feed spoke of before'
        WHEN name = 'rejected' THEN 'rejected rows'
        ELSE name
    END || ' '
    || CASE WHEN name = 'rows' THEN quantity::bigint || ', usually ' || usual_low::bigint || ' to ' || usual_high::bigint
            WHEN starts_with(name, 'expect_') THEN round(quantity, 1) || '%, usually ' || round(usual_low, 1) || '% to ' || round(usual_high, 1) || '%'
            ELSE round(100 * quantity, 1) || '%, usually ' || round(100 * usual_low, 1) || '% to ' || round(100 * usual_high, 1) || '%'
       END
