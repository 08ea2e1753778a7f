# Hoe datums, lengtes en aantallen worden geschreven.
date = { $day } { $month } { $year }
month-1 = januari
month-2 = februari
month-3 = maart
month-4 = april
month-5 = mei
month-6 = juni
month-7 = juli
month-8 = augustus
month-9 = september
month-10 = oktober
month-11 = november
month-12 = december
length-seconds = { $seconds } s
length-minutes = { $minutes } min
length-hours = { $hours } u
length-hours-minutes = { $hours } u { $minutes } min
recordings = { $count ->
    [one] { $count } opname
   *[other] { $count } opnamen
}
recordings-planned = { $count ->
    [one] { $count } opname volgt nog
   *[other] { $count } opnamen volgen nog
}
recordings-to-come = { $count ->
    [one] { $count } volgt nog
   *[other] { $count } volgen nog
}
number = Nummer
captions = Ondertiteling
sound-only = Alleen geluid
planned = Opname volgt
missing = Nu niet te zien
seen-until = Bekeken tot { $time }
seen = Gezien
seen-of = { $seen } van { $count } gezien
begin = Begin bij { $number }
begin-first = Begin bij de eerste
begin-on = Ga verder met { $number }
begin-at = Ga verder met { $number } op { $time }
begin-next = Ga verder met de volgende
with-captions = met ondertiteling
moment = { $date } om { $time }
