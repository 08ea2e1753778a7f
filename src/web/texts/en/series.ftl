series-recordings = Recordings
series-total = { $length } in total
series-start = Start with { $number }
series-more = Read more
