home-intro = Recorded training sessions and meetings, to watch back whenever it suits you.
home-continue = Continue watching
home-series-all = All series
home-series-more = More series
home-start = Start with { $number }
home-open-series = View the series
home-empty-title = No recordings yet
home-empty-text = Series appear here as soon as they are public.
home-empty-volunteer = Do you run this portal? Put a folder with recordings into the media folder and make the series public with:
home-reading = The media folder is still being read. Refresh the page in a few seconds.
recordings-count = { $count ->
    [one] { $count } session
   *[other] { $count } sessions
}
