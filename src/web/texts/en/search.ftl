search-start = Search for a topic, a speaker, a series or a sentence that you remember.
search-none-title = Nothing found for “{ $question }”
search-none-text = Try another word or a shorter piece of it. You can also browse the series.
search-found = { $count ->
    [one] { $count } recording found
   *[other] { $count } recordings found
}
search-many = The { $count } best hits. Add a word if you are looking for something else.
search-title = Search for “{ $question }”
speaker-in = Appears in { $recordings }
search-meant = We did not find “{ $typed }”. These are the results for “{ $meant }”.
search-offered = Did you mean:
search-left-out = No recording has all your words. This is what we found without { $words }.
search-ignored = Only the first eight words count. { $words } was not searched for.
search-moments = Moments at which it is said
search-in-chapter = In a chapter
search-in-hand-out = In a hand-out
search-in-speakers = Among the speakers
search-in-series = About the series
search-in-description = In the description
search-within = More places in this recording
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

# Finding in one recording
find-label = Search this recording
find-hint = Search what is said
find-at = { $number } of { $count }
find-none = Nothing found for “{ $question }” in what is said here.
find-some = These words never occur together in one sentence. Here are some of them.
find-alone = The whole text is too long for this page. You only see what was found.
find-previous = Previous place
find-next = Next place
find-cut = These are the first { $count } places; there are more.
find-failed = Searching does not work right now. Are you connected? Try again in a moment.
