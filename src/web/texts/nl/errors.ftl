error-home = Naar alle reeksen
error-successor = Bekijk de nieuwe opname
error-reason = Degene die deze opname beheert, schrijft erbij:
error-contact = Blijft het misgaan? Laat het weten via
error-changed-title = Dit kunnen we nu niet laten zien
error-changed = Dit bestand is net vervangen, of de schijf waar het op staat is niet bereikbaar. We kijken opnieuw. Probeer het over een paar seconden nog eens.
media-folder-gone = De map met de opnamen is niet te vinden, of er is een andere map voor in de plaats gekomen. Misschien is de schijf niet aangesloten. Er is niets veranderd. Vraag de beheerder van de server om de schijf aan te sluiten.
error-400-title = Dit verzoek begrijpen we niet
error-400-text = Er klopt iets niet aan het adres of aan wat er is meegestuurd. Ga een stap terug en probeer het opnieuw.
error-404-title = Deze pagina is er niet
error-404-text = Misschien is het adres niet helemaal overgekomen. Zoek hieronder, of blader door de reeksen.
error-404-short = Op dit adres is niets te vinden.
error-405-title = Dat kan hier niet
error-405-text = Dit adres is alleen om te bekijken. Er is niets veranderd.
error-410-title = Dit is weggehaald
error-410-text = Je adres klopt, maar wat hier stond is niet meer te zien.
error-500-title = Er ging iets mis aan onze kant
error-500-text = Je hebt niets verkeerd gedaan en er is niets kwijt. Probeer het over een minuut nog eens.
error-503-title = Het is hier even te druk
error-503-text = Er is niets kwijt. Probeer het over een paar seconden nog eens.
error-401-title = Hiervoor moet je ingelogd zijn
error-401-text = Log in en probeer het opnieuw.
error-403-title = Dit mag je niet
error-403-text = Dit kan alleen een beheerder die is ingelogd. Er is niets veranderd.
form-from-elsewhere = Dit formulier kwam van een andere website of een ander adres dan { $address }. Er is niets veranderd. Open de pagina op { $address } en probeer het daar opnieuw.
error-413-title = Dit is te groot
error-413-text = Wat je stuurde is groter dan hier past. Er is niets veranderd.
error-429-title = Even wachten
error-429-text = Er is te vaak geprobeerd. Wacht even en probeer het opnieuw.
error-429-minutes =
    { $minutes ->
        [one] Er is te vaak geprobeerd in te loggen. Probeer het over een minuut opnieuw.
       *[other] Er is te vaak geprobeerd in te loggen. Probeer het over { $minutes } minuten opnieuw.
    }
