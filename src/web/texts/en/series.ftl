series-recordings = Recordings
series-total = { $length } in total
series-more = Read more
