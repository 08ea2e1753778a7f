series-recordings = Opnamen
series-total = { $length } in totaal
series-more = Lees verder
