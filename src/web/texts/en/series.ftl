series-recordings = Sessions
series-total = { $length } in total
series-start = Start with { $number }
series-more = Read more
