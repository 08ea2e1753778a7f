search-start = Search for a topic, a speaker, a series or a sentence that you remember.
search-none-title = Nothing found for “{ $question }”
search-none-text = Try another word or a shorter piece of it. You can also browse the series.
search-found = { $count ->
    [one] { $count } session found
   *[other] { $count } sessions found
}
search-many = The { $count } best hits. Add a word if you are looking for something else.
search-title = Search for “{ $question }”
speaker-in = Appears in { $recordings }
search-meant = Did you mean “{ $meant }”? Nothing was found for “{ $typed }”.
search-left-out = Without { $words }: nothing was found for all the words together.
search-moments = Moments at which it is said
filters = Narrow down
filter-series = Series
filter-speaker = Speaker
filter-year = Year
filter-language = Language
filter-length = Length
filter-captions = Captions
filter-captions-yes = with captions
search-unfiltered = Search without filters
filter-remove = { $filter }: remove this filter
length-short = under 10 minutes
length-medium = 10 to 30 minutes
length-long = half an hour or more
suggestions = Best hits
suggestions-found = % found; arrow down leads to the best
suggestions-none = Nothing found yet
