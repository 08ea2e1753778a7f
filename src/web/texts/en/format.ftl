# How dates, lengths and counts are written.
date = { $day } { $month } { $year }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
length-seconds = { $seconds } s
length-minutes = { $minutes } min
length-hours = { $hours } h
length-hours-minutes = { $hours } h { $minutes } min
recordings = { $count ->
    [one] { $count } recording
   *[other] { $count } recordings
}
recordings-planned = { $count ->
    [one] { $count } recording to come
   *[other] { $count } recordings to come
}
recordings-to-come = { $count } to come
number = Number
captions = Captions
sound-only = Sound only
planned = Recording to follow
missing = Not available now
seen-until = Watched until { $time }
seen = Seen
seen-of = { $seen } of { $count } seen
begin = Start with { $number }
begin-first = Start with the first
begin-on = Go on with { $number }
begin-at = Go on with { $number } at { $time }
begin-next = Go on with the next
with-captions = with captions
moment = { $date } at { $time }
