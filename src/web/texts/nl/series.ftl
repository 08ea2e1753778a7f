series-recordings = Opnamen
series-total = { $length } in totaal
series-start = Begin bij { $number }
series-more = Lees verder
