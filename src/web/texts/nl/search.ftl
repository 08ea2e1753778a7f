search-title = Zoeken
search-title-for = Zoeken naar “{ $question }”
search-field = Waar zoek je naar?
search-button = Zoek
search-hits = { $count ->
    [one] { $count } bijeenkomst gevonden
   *[other] { $count } bijeenkomsten gevonden
}
search-none = Niets gevonden voor “{ $question }”.
search-none-help = Probeer een ander of korter woord, of blader door de reeksen.
search-start = Zoek op een onderwerp, een titel of een naam.
