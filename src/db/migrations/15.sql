CREATE TABLE heartbeat (
    -- When the server last ran, so that nothing is destroyed by age because of one reading of a clock.
    id     INTEGER PRIMARY KEY CONSTRAINT heartbeat_is_one_row CHECK (id = 1),
    -- UTC seconds; written at each start, every ten minutes and before anything is destroyed by age.
    at     INTEGER NOT NULL,
    -- Seconds of running time for which nothing is destroyed by age, after the clock jumped or the machine was off for a day.
    wait_s INTEGER NOT NULL CONSTRAINT heartbeat_waits_some_time CHECK (wait_s >= 0)
) STRICT;
