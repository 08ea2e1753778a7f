search-start = Zoek een onderwerp, een spreker, een reeks of een zin die je je herinnert.
search-none-title = Niets gevonden voor “{ $question }”
search-none-text = Probeer een ander woord of een korter stuk ervan. Je kunt ook door de reeksen bladeren.
search-found = { $count ->
    [one] { $count } opname gevonden
   *[other] { $count } opnamen gevonden
}
search-many = De { $count } beste treffers. Zoek met een woord erbij als je iets anders zoekt.
search-title = Zoeken naar “{ $question }”
speaker-in = Te zien in { $recordings }
search-meant = “{ $typed }” vonden we niet. Dit zijn de resultaten voor “{ $meant }”.
search-offered = Bedoelde je:
search-left-out = Geen opname heeft al je woorden. Dit vonden we zonder { $words }.
search-ignored = Alleen de eerste acht woorden tellen mee. Naar { $words } is niet gezocht.
search-moments = Momenten waarop het gezegd wordt
search-in-chapter = In een hoofdstuk
search-in-hand-out = In een hand-out
search-in-speakers = Bij de sprekers
search-in-series = Bij de reeks
search-in-description = In de beschrijving
search-within = Meer plekken in deze opname
filters = Filters
filter-series = Reeks
filter-speaker = Spreker
filter-year = Jaar
filter-language = Taal
filter-length = Lengte
filter-captions = Ondertiteling
filter-captions-yes = met ondertiteling
search-unfiltered = Zoek zonder filters
filter-remove = { $filter }: filter weghalen
length-short = korter dan 10 minuten
length-medium = 10 tot 30 minuten
length-long = een half uur of langer
suggestions = Beste treffers
suggestions-found = % gevonden; met pijl omlaag ga je naar de beste
suggestions-none = Nog niets gevonden

# Zoeken in één opname
find-label = Zoek in deze opname
find-hint = Zoek in wat er gezegd wordt
find-at = { $number } van { $count }
find-none = Niets gevonden voor “{ $question }” in wat hier gezegd wordt.
find-some = Deze woorden komen nergens samen in één zin voor. Hier staat een deel ervan.
find-alone = De hele tekst is te lang voor deze pagina. Je ziet alleen wat gevonden is.
find-previous = Vorige plek
find-next = Volgende plek
find-cut = Dit zijn de eerste { $count } plekken; er zijn er meer.
find-failed = Zoeken lukt nu even niet. Heb je verbinding? Probeer het zo nog eens.
