home-intro = Opgenomen trainingen en bijeenkomsten, om terug te kijken wanneer het jou uitkomt.
home-continue = Verder kijken
home-series-all = Alle reeksen
home-series-more = Nog meer reeksen
home-start = Begin bij { $number }
home-open-series = Bekijk de reeks
home-empty-title = Nog geen opnamen
home-empty-text = Hier verschijnen reeksen zodra ze openbaar zijn.
home-empty-volunteer = Beheer je dit portaal? Zet een map met opnamen in de mediamap en maak de reeks openbaar met:
home-reading = De mediamap wordt nog ingelezen. Ververs de pagina over een paar tellen.
recordings-count = { $count ->
    [one] { $count } bijeenkomst
   *[other] { $count } bijeenkomsten
}
