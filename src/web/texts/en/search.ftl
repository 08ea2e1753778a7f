search-title = Search
search-title-for = Search for “{ $question }”
search-field = What are you looking for?
search-button = Search
search-hits = { $count ->
    [one] { $count } session found
   *[other] { $count } sessions found
}
search-none = Nothing found for “{ $question }”.
search-none-help = Try another or a shorter word, or browse the series.
search-start = Search by topic, title or name.
