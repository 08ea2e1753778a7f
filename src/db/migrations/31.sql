-- A series can be removed; its folder and its series.toml stay, so that its address leads nowhere else.
ALTER TABLE series ADD COLUMN
    -- When it was removed at the desk. It is back as soon as it has a recording outside the trash.
    removed_at    INTEGER;
