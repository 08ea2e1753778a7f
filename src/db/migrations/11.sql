-- Under which licence others may use it, said by a series or a recording.
ALTER TABLE series ADD COLUMN licence TEXT CONSTRAINT series_licence_says_something CHECK (licence <> '');
ALTER TABLE recording ADD COLUMN licence TEXT CONSTRAINT recording_licence_says_something CHECK (licence <> '');
