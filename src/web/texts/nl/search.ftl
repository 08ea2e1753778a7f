search-start = Zoek een onderwerp, een spreker of een reeks.
search-none-title = Niets gevonden voor “{ $question }”
search-none-text = Probeer een ander woord of een korter stuk ervan. Je kunt ook door de reeksen bladeren.
search-found = { $count ->
    [one] { $count } bijeenkomst gevonden
   *[other] { $count } bijeenkomsten gevonden
}
search-many = De { $count } beste treffers. Zoek met een woord erbij als je iets anders zoekt.
search-title = Zoeken naar “{ $question }”
speaker-in = Te zien in { $recordings }
