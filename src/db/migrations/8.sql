-- Which sites may show the player, said by a series or a recording.
ALTER TABLE series ADD COLUMN embed_sites TEXT CONSTRAINT series_embed_sites_say_something CHECK (embed_sites <> '');
ALTER TABLE recording ADD COLUMN embed_sites TEXT CONSTRAINT recording_embed_sites_say_something CHECK (embed_sites <> '');
