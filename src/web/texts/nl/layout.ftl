# Wat om elke pagina heen staat.
skip = Naar de inhoud
languages = Taal
search = Zoeken
search-label = Zoek in titels, sprekers en alles wat er gezegd is
search-hint = Onderwerp, spreker of een zin
about-portal = Over deze website
in-the-picture = Ik sta in beeld
privacy = Privacy
accessibility = Toegankelijkheid
for-coordinators = Voor coördinatoren
demonstration = Demonstratie
demonstration-text = Dit is een voorbeeldreeks, gemaakt om te laten zien hoe deze website werkt. De stem is van een computer.
all-series = Alle reeksen
whole-series = Bekijk de hele reeks
parts = Meer van deze lijst
part = { $from }–{ $until } van { $count }
and-more = en nog { $count }
