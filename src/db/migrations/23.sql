-- An address that leads elsewhere is a change visitors can see.
CREATE TRIGGER address_inserted AFTER INSERT ON address BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER address_updated AFTER UPDATE ON address BEGIN UPDATE revision SET number = number + 1; END;
CREATE TRIGGER address_deleted AFTER DELETE ON address BEGIN UPDATE revision SET number = number + 1; END;
