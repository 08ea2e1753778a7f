search-start = Search for a topic, a speaker or a series.
search-none-title = Nothing found for “{ $question }”
search-none-text = Try another word or a shorter piece of it. You can also browse the series.
search-found = { $count ->
    [one] { $count } session found
   *[other] { $count } sessions found
}
search-many = The { $count } best hits. Add a word if you are looking for something else.
search-title = Search for “{ $question }”
speaker-in = Appears in { $recordings }
