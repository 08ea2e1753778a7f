# Het bureau van de coördinatoren, en de deur ernaartoe.
email = E-mailadres
name = Naam
role = Rol
role-editor = Redacteur
role-administrator = Beheerder
password = Wachtwoord
password-old = Je huidige wachtwoord
password-new = Nieuw wachtwoord
password-help = Minstens 12 tekens. Een paar losse woorden achter elkaar onthoud je makkelijk. Plakken mag.
password-show = Laat zien
password-hide = Verberg
password-short = Dit wachtwoord is te kort. Kies er een van minstens { $least } tekens.
password-long = Dit wachtwoord is te lang. Het mag hoogstens { $most } tekens hebben.
password-worst = Dit wachtwoord raden anderen als eerste. Kies een ander.
password-not-this = Dit is niet je huidige wachtwoord.
sign-in = Inloggen
sign-in-button = Log in
sign-in-help = Wachtwoord vergeten? Vraag een collega die beheerder is om een nieuwe link.
sign-in-wrong = Dit e-mailadres en wachtwoord horen niet bij elkaar. Controleer ze allebei.
sign-in-kept = Je was niet meer ingelogd. Wat je hebt ingevuld is bewaard. Log in, dan kun je het alsnog opslaan.
sign-in-lost = Je was niet meer ingelogd. Log in en kies het bestand daarna opnieuw.
sign-in-in-the-clear = Inloggen kan alleen op { $address }. Het adres waarop je nu bent is niet beveiligd: je browser bewaart daar niet dat je bent ingelogd. Typ hier geen wachtwoord.
sign-in-there = Ga naar het beveiligde adres
sign-in-no-cookie = Je wachtwoord klopt, maar je browser heeft niet bewaard dat je bent ingelogd. Sta cookies toe voor deze website en log opnieuw in.
sign-out = Log uit
send-again-title = Je bent weer ingelogd
send-again-text = Wat je had ingevuld is er nog. Sla het nu op.
send-again = Sla alsnog op
welcome-first = Maak het eerste account
welcome-first-text = Met dit account beheer je de website en nodig je collega’s uit.
welcome-password = Kies je wachtwoord
welcome-for = Hallo { $name }. Kies hieronder een wachtwoord, dan kun je aan de slag.
welcome-button = Bewaar en ga verder
welcome-over = Deze link is al gebruikt of verlopen. Vraag een beheerder om een nieuwe.
email-odd = Dit is geen e-mailadres.
coordinator-known = Voor { $email } is er al een account.
coordinator-disabled = Dit account staat uit. Zet het eerst weer aan.
last-administrator = Er moet een beheerder overblijven. Maak eerst iemand anders beheerder.
desk = Bureau
desk-menu = Menu
desk-home = Overzicht
desk-people = Collega’s
desk-association = Vereniging
desk-audit = Logboek
desk-account = Mijn account
desk-welcome = Dag { $name }.
first-heading = Zo begin je
first-done = gedaan
first-series = Maak een reeks
first-series-help = Daarin staan de opnamen van één training of thema bij elkaar.
first-upload = Upload een opname
first-upload-help = Niemand anders ziet hem al.
first-publish = Maak een opname openbaar
first-publish-help = Open de opname en kijk of alles klopt. Daarna kun je hem delen.
account-password = Wachtwoord
account-password-button = Wijzig wachtwoord
account-sign-ins = Waar je bent ingelogd
account-seen = laatst gebruikt op { $when }
account-here = dit apparaat
account-end = Log hier uit
account-end-all = Log overal uit
account-feeds = Op de hoogte blijven
account-feeds-text = Maak hier een adres en zet het in een feedlezer, zoals die in Outlook of Thunderbird. Dan zie je daar wat aandacht vraagt: een bericht van een bezoeker, een geweigerde upload, een mislukte taak, een volle schijf. Wat bezoekers schreven, staat er niet in. Het adres is geheim: wie het heeft, leest mee. Je kunt het intrekken.
feed-name = Waarvoor
feed-name-help = Bijvoorbeeld: feedlezer op mijn telefoon
feed-add = Maak een adres
feed-made = Dit is het adres. Zet het nu in je feedlezer, want je ziet het hierna niet meer.
notices-title = Wat aandacht vraagt op { $name }
notices-text = Berichten van bezoekers en dingen die misgaan
notices-over = Dit adres werkt niet meer. Maak bij je account een nieuw adres.
notice-message = Bericht van een bezoeker: { $kind }
notice-message-text = Lees het op het bureau en zet het daarna op afgehandeld.
notice-job = Een taak voor een opname is mislukt
notice-file = Een bestand in de mediamap is niet te gebruiken
notice-timing = Ondertiteling en hoofdstukken passen misschien niet meer bij het bestand
notice-problems-text = Op het bureau staat welke, en wat je eraan kunt doen.
notice-upload = Een upload is geweigerd
notice-upload-text = Op het bureau staat bij Uploaden waarom.
notice-space = Er is weinig ruimte meer op de schijf
notice-space-text = Maak ruimte voordat je iets uploadt.
notice-readiness = Er is iets mis met de server
account-keys = Toegangssleutels
account-keys-text = Met een sleutel werkt een script namens jou. Geef elk script een eigen sleutel, dan kun je ze los van elkaar intrekken.
key-name = Waarvoor
key-name-help = Bijvoorbeeld: uploadscript vergaderzaal
key-add = Maak een sleutel
key-made = Dit is de sleutel. Bewaar hem nu, want je ziet hem hierna niet meer.
key-unused = nog niet gebruikt
key-revoke = Trek in
keys-keep = Mijn toegangssleutels en feedadressen blijven werken
keys-keep-help = Zonder vinkje werken ze niet meer zodra je het wachtwoord wijzigt. Wie je oude wachtwoord kende, kan er zelf een hebben gemaakt. Laat ze alleen werken als je zeker weet dat niemand dat heeft gedaan.
people-invite = Nodig een collega uit
people-invite-button = Maak een uitnodiging
people-link-made = Geef deze link door. Hij werkt één keer, zeven dagen lang.
people-link-keys = Kiest je collega met deze link een nieuw wachtwoord, dan werken de toegangssleutels en feedadressen van dat account niet meer, tenzij je collega ze laat werken.
people-invited = uitgenodigd, nog geen wachtwoord
people-disabled = uitgezet
people-other-spelling = een andere schrijfwijze van het adres van een ander account: hiermee kan niemand inloggen. Draag de opnamen over en zet dit account uit.
people-link = Nieuwe wachtwoordlink
people-make-administrator = Maak beheerder
people-make-editor = Maak redacteur
people-disable = Zet uit
people-enable = Zet weer aan
audit-filter = Zoek in het logboek
audit-export = Download als CSV
audit-when = Wanneer
audit-who = Wie
audit-what = Wat
audit-subject = Waaraan
audit-before = Eerst
audit-after = Daarna
audit-none = Hier is niets over te vinden.
filter = Zoek
done-saved = Opgeslagen.
done-welcome = Je account is klaar. Je bent nu ingelogd.
done-published = Opgeslagen. Dit staat nu online.
done-password = Je wachtwoord is opgeslagen. Op andere apparaten ben je uitgelogd.
done-password-keys = Je wachtwoord is opgeslagen. Op andere apparaten ben je uitgelogd, en je toegangssleutels en feedadressen werken niet meer. Maak nieuwe voor wat je nog gebruikt.
done-signed-out = Uitgelogd.
done-signed-out-everywhere = Je bent overal uitgelogd.
done-key-revoked = De sleutel werkt niet meer.
done-disabled = Het account staat uit. Alle apparaten zijn uitgelogd en de sleutels werken niet meer.
done-enabled = Het account staat weer aan.
done-role = De rol is gewijzigd.
form-errors =
    { $count ->
        [one] Eén ding klopt nog niet
       *[other] { $count } dingen kloppen nog niet
    }
form-unreadable = Dit formulier kwam niet goed over. Er is niets veranderd. Ga terug en probeer het opnieuw.
form-large = Dit formulier is te groot om op te slaan. Er is niets veranderd. Ga terug en maak de tekst korter.
form-slow = Dit formulier kwam te langzaam binnen. Er is niets veranderd. Ga terug en probeer het opnieuw.
field-needed = Vul dit in.
field-one-line = Houd dit op één regel.
field-unseen = Hier is niets van te zien. Vul iets in wat je lezers kunnen zien.
field-long = Dit zijn { $count } tekens. Er passen er { $most }.
field-control = Hierin staat een onzichtbaar teken dat we niet kunnen bewaren. Typ de tekst opnieuw of plak hem als platte tekst.
desk-recordings = Opnamen
desk-series = Reeksen
desk-trash = Prullenbak
save = Opslaan
remove = Verwijder
restore = Zet terug
to-page = Bekijk de pagina
as-visitor = Bekijk als bezoeker
edit-recording = Bewerk deze opname
saved-by-another = Iemand anders heeft dit intussen gewijzigd. Er is nog niets van jou opgeslagen. Bij elk veld dat verschilt staat wat er nu is. Sla nog een keer op om jouw tekst te bewaren.
field-changed = Hier staat nu: { $now }
sidecar-broken = Het bestand naast deze opname is niet te lezen: { $why } Vraag de beheerder van de server om het te herstellen.
folder-read-only = In de map { $folder } kunnen we niets opslaan. Vraag de beheerder van de server om schrijfrechten.
place-no-file = Op de plek “{ $file }” staat een koppeling of iets anders dat geen bestand is. Vraag de beheerder van de server om er een echt bestand neer te zetten.
place-no-folder = Op de plek “{ $folder }” staat geen map, maar misschien een koppeling of een bestand. Vraag de beheerder van de server om er een echte map neer te zetten.
recording-title = Titel
recording-number = Nummer
recording-number-help = De plek in de reeks.
recording-date = Datum
recording-language = Taal
language-other = Of een andere taal
language-other-help = Staat je taal er niet bij? Typ dan de code, zoals pap. Die gaat voor de keuze.
recording-summary = Samenvatting
recording-summary-help = Eén of twee zinnen voor in lijsten.
recording-description = Beschrijving
recording-description-help = Opmaak met Markdown: **vet**, *schuin*, lijstjes en links. Beginnen twee of meer regels met een tijd, zoals 12:30 Vragen uit de groep, en vul je bij Hoofdstukken niets in, dan worden die regels de hoofdstukken.
recording-speakers = Sprekers
speaker-name = Naam van een spreker
speaker-role = Rol, zoals trainer
speaker-nameless = Bij de rol { $role } staat geen naam.
recording-chapters = Hoofdstukken
recording-chapters-help = Eén per regel: de tijd en de titel, zoals 0:12:30 Vragen uit de groep.
chapter-time = Regel { $line }: { $written } is geen tijd. Begin met een tijd zoals 0:12:30.
chapter-title = Regel { $line }: achter de tijd ontbreekt een titel.
chapter-long = Regel { $line }: deze titel is te lang.
chapter-late = Regel { $line }: { $written } ligt na het einde van de opname.
chapter-twice = Regel { $line }: { $written } staat er twee keer.
chapter-many = Dit zijn te veel hoofdstukken. Er passen er { $most }.
recording-download = Bezoekers mogen het bestand downloaden
preview = Voorbeeld
preview-button = Bekijk een voorbeeld
number-odd = Vul een getal in van { $from } tot en met { $to }, of laat dit leeg.
date-odd = Deze datum bestaat niet. Schrijf hem als 2026-09-01.
language-odd = Dit is geen taalcode. Gebruik bijvoorbeeld nl of en.
visibility-title = Wie het mag zien
visibility-who = Deze opname is te zien voor
visibility-draft = alleen coördinatoren (concept)
visibility-link = alleen met een link die je uitdeelt
visibility-unlisted = iedereen die het adres kent
visibility-public = iedereen (openbaar)
visibility-withdrawn = niemand meer (ingetrokken)
recording-published = Voor het eerst te zien voor bezoekers
visible-from = Vanaf
visible-until = Tot
visible-zone = Leeg betekent: zonder grens. De tijden gelden volgens de klok van deze website.
withdrawn-reason = Waarom is hij ingetrokken
withdrawn-reason-help = Dit lezen bezoekers op het oude adres.
replaced-by = Wat ervoor in de plaats kwam
replaced-by-help = Het adres van de nieuwe opname op deze website.
replaced-by-odd = Op dit adres staat geen opname van deze website.
visibility-save = Bewaar wie het mag zien
moment-odd = Dit tijdstip bestaat niet. Schrijf het als 2026-09-01 14:30.
moment-skipped = Dit tijdstip bestaat niet: de klok gaat dan een uur vooruit. Kies een uur eerder of later.
until-before-from = Dit moet later zijn dan het begin.
seen-draft = Concept: alleen coördinatoren zien deze opname.
seen-link = Alleen te zien met een link die is uitgedeeld.
seen-unlisted = Te zien voor iedereen die het adres kent, en in geen lijst te vinden.
seen-public = Openbaar: iedereen kan deze opname zien.
seen-withdrawn = Ingetrokken: op het adres staat waarom.
seen-from = Nu nog niet te zien. Dat kan vanaf { $when }.
seen-over = Niet meer te zien sinds { $when }.
seen-end = Dat duurt tot { $when }.
seen-never = Niet te zien, want het beginmoment is niet te lezen.
captions-title = Ondertiteling
captions-none = Er is nog geen ondertiteling. Zonder ondertiteling kan niet iedereen deze opname volgen.
captions-file-label = Bestand met ondertiteling
captions-file-help = Een .vtt- of .srt-bestand. Ondertiteling die er in deze taal al is, wordt vervangen.
captions-add = Voeg ondertiteling toe
captions-type = Zelf ondertiteling typen
captions-type-help = Je typt wat er wordt gezegd, naast de speler. Er wordt pas iets opgeslagen als je de eerste regels opslaat.
captions-type-go = Typ ondertiteling
captions-empty = In dit bestand staat geen enkele regel.
captions-name-taken = In deze reeks heet een andere bijeenkomst { $name }, dus zouden deze ondertitels daarbij horen. Geef die andere bijeenkomst in de map eerst een andere bestandsnaam.
captions-warnings = Dit hebben we weggelaten of hersteld:
captions-warnings-in = Weggelaten of hersteld in
caption-warning-out-of-order = Regel { $line }: begint eerder dan de regel erboven. We hebben de regels op volgorde van tijd gezet.
caption-warning-setting = Regel { $line }: achter de tijden staat een instelling die niet bestaat of niet klopt. We hebben die weggelaten.
caption-warning-text-joined = Regel { $line }: hierboven staat een lege regel. We hebben de tekst bij de ondertitel erboven gehouden.
caption-warning-block = Regel { $line }: dit is geen ondertitel en geen opmerking. We hebben het weggelaten.
caption-warning-cue-in-comment = Regel { $line }: in deze opmerking (NOTE) staat een tijd. Wat erin staat, blijft een opmerking en is niet te zien.
caption-warning-empty-cue = Regel { $line }: hier staat geen tekst bij. We hebben de ondertitel weggelaten.
caption-warning-bytes-replaced = Regel { $line }: hier staan tekens die niet te lezen zijn. We hebben ze vervangen.
caption-warning-bad-time = Regel { $line }: deze tijd is niet te lezen. We hebben de ondertitel weggelaten.
caption-warning-ends-before-start = Regel { $line }: deze ondertitel eindigt voordat hij begint. We hebben hem weggelaten.
caption-warning-cue-too-long = Regel { $line }: deze tekst is te lang. We hebben de ondertitel weggelaten.
caption-broken-too-large = Dit bestand is te groot voor ondertiteling.
caption-broken-not-captions = Dit is geen ondertiteling in WebVTT of SRT.
caption-broken-time = Regel { $line }: deze tijd is niet te lezen.
caption-broken-ends-before-start = Regel { $line }: deze regel eindigt voordat hij begint.
caption-broken-cue-too-long = Regel { $line }: deze tekst is te lang.
caption-broken-too-many-cues = Dit bestand heeft te veel regels.
poster-title = Foto
poster-alt = De foto van nu
poster-file-label = Een foto (JPEG, PNG of WebP)
poster-set = Gebruik deze foto
poster-remove = Haal de foto weg
poster-frame = Of kies een beeld uit de opname: zet hem stil op het mooiste moment.
poster-take = Gebruik dit beeld
poster-odd = Dit is geen foto die we kunnen gebruiken. Kies een JPEG, PNG of WebP.
poster-large = Deze foto heeft te veel beeldpunten om te verwerken. Sla hem kleiner op, bijvoorbeeld 4000 beeldpunten breed, en kies hem opnieuw.
handouts-title = Hand-outs
handout-file-label = Bestand
handout-file-help = Een document, presentatie, spreadsheet, afbeelding, tekst, e-book, zip of agenda-item. Een ander bestand, zoals een quiz (.h5p), mag meestal ook; een programma of webpagina niet. Iedereen die de opname mag zien, kan het downloaden.
handout-name = Titel van de hand-out
handout-add = Voeg toe
handout-odd = Dit bestand kan geen hand-out zijn. Kies een document, een presentatie of een afbeelding. Opnamen en ondertiteling horen ergens anders.
handout-runs = Een .{ $ending }-bestand kan op de computer van de bezoeker iets uitvoeren. Daarom kan het geen hand-out zijn. Maak er een pdf van, of zet het op een andere website en noem dat adres in de beschrijving van de opname.
handout-left = Dit is een reservekopie, een half bestand of iets anders dat een programma heeft achtergelaten. Kies het bestand zelf.
handouts-unclaimed = Bestanden in de map die geen hand-out zijn
handouts-unclaimed-text = Niemand kan deze bestanden zien of downloaden.
handout-take = Maak er een hand-out van
handout-unfit-kind = Geen document, presentatie, spreadsheet, afbeelding, tekst, e-book, zip of agenda-item.
handout-unfit-people = Hierin kan staan wie erbij was en wat zij zeiden.
handout-unfit-chat = De chat of de ondertiteling die een deelnemer bewaarde: alleen bedoeld voor wie erbij was.
handout-unfit-leftover = Achtergelaten door een programma: een reservekopie, een half bestand of een tweede versie.
handout-unfit-sidecar = Een kopie van de beschrijving van de opname. Die wordt nooit openbaar.
file-none = Kies eerst een bestand.
file-large = Dit bestand is te groot. Er past { $most }.
trash-title = Weggooien
trash-text = De opname verdwijnt uit alle lijsten en het adres zegt dat hij weg is. Het bestand blijft staan en je kunt hem terugzetten.
trash-button = Naar de prullenbak
trash-lead = Wat hier staat is voor niemand te zien. Zet het terug, dan is alles weer zoals het was.
trash-empty = De prullenbak is leeg.
trash-series = Reeksen
trash-series-text = Zet je een reeks terug, dan komen ook de opnamen terug die samen met de reeks zijn weggehaald.
series-removed = Weggehaald
series-remove = Haal deze reeks weg
series-remove-text = De opnamen gaan naar de prullenbak en de reeks staat nergens meer. Vanuit de prullenbak zet je alles in één keer terug.
series-remove-sure =
    { $count ->
        [0] Deze reeks heeft geen opnamen.
        [one] De enige opname van deze reeks gaat naar de prullenbak.
       *[other] De { $count } opnamen van deze reeks gaan naar de prullenbak.
    }
series-remove-keeps = Wie het adres van de reeks of van een opname heeft, leest dat die weg is. Dat adres gebruiken we nooit voor iets anders. Alle bestanden blijven in de map staan.
trash-since = weggegooid op { $when }
list-word = Woord in de titel
list-series = Reeks
list-all-series = Alle reeksen
list-visibility = Zichtbaarheid
list-any-visibility = Maakt niet uit
list-lacks = Aandachtspunt
list-complete-or-not = Alles
list-none = Hier valt niets onder.
list-tick-all = Alles
list-tick-none = Niets
list-on-page = op deze pagina aanvinken
list-tick-page = Alles op deze pagina aanvinken
list-number = Nr.
list-length = Lengte
state-draft = concept
state-link = met een link
state-unlisted = met het adres
state-public = openbaar
state-withdrawn = ingetrokken
lacks-playing = speelt niet
bulk-ticked = { $count } aangevinkt
bulk-ticked-none = Nog niets aangevinkt
lacks-file = bestand ontbreekt
lacks-captions = geen ondertiteling
lacks-recording = opname blijft uit
bulk-legend = Met wat je hebt aangevinkt
bulk-act = Wat wil je doen
bulk-set-language = Zet de taal op
bulk-add-speaker = Voeg een spreker toe
bulk-show = Te zien voor { $what }
bulk-language = de taal wordt { $what }
bulk-speaker = { $name } komt bij de sprekers
bulk-trash = Naar de prullenbak
bulk-look = Bekijk wat er verandert
bulk-title = Samen wijzigen
bulk-do = Ja, doe dit
bulk-not = Nee, laat zo
bulk-undo = Maak ongedaan
bulk-back = Terug naar de opnamen
bulk-none = Vink eerst opnamen aan.
bulk-many = Kies hoogstens { $most } opnamen tegelijk.
bulk-no-act = Kies wat je wilt doen.
podcast-guid = Kenmerk voor podcastapps
series-name = Titel van de reeks
series-folder = Naam in het adres
series-folder-help = Leeg laten mag: dan maken we hem van de titel. Later veranderen kan niet.
series-folder-odd = Kies een naam met gewone letters of cijfers.
series-folder-taken = De naam { $folder } is al eens gebruikt. Kies een andere.
series-new = Nieuwe reeks
series-add = Maak deze reeks
series-table = opnamen als tabel
demo-title = Voorbeeldreeks weghalen
demo-sure = De voorbeeldreeks en haar opnamen gaan voorgoed weg, ook van de server. Wie een oude link opent, leest dat de opname er niet meer is.
demo-remove = Haal de voorbeeldreeks weg
demo-stayed = Deze bestanden in de map van de voorbeeldreeks heeft iemand van jullie erbij gezet. Die blijven staan.
done-demonstration = De voorbeeldreeks is weg.
series-upload = Upload een opname
series-recordings-title = Bijeenkomsten
series-empty = Er staat nog niets in deze reeks.
series-publish = Maak alles openbaar
series-withdraw = Trek alles in
series-draft = Maak alles concept
series-plan = Plan een bijeenkomst
series-plan-text = De pagina en het adres bestaan meteen. Daar staat dat de opname volgt.
series-plan-button = Plan in
series-about = Over deze reeks
series-organiser = Wie organiseert het
series-order = Plek op de voorpagina
series-order-help = Laagste eerst. Leeg komt daarna, nieuwste eerst.
series-goes-for =
    { $count ->
        [0] Deze reeks heeft nog geen opnamen. Wat je hieronder kiest, geldt straks voor elke opname die zelf niets anders zegt.
        [one] Deze reeks heeft één opname. Wat je hieronder kiest, geldt daarvoor, tenzij die opname zelf iets anders zegt.
       *[other] Deze reeks heeft { $count } opnamen. Wat je hieronder kiest, geldt voor allemaal, behalve voor een opname die zelf iets anders zegt.
    }
series-visibility = Wie mag de opnamen van deze reeks zien?
series-visibility-help = Dit geldt voor elke opname waarbij je zelf niets anders hebt gekozen.
series-visibility-setting = zoals de instelling van de website
series-up = Omhoog
series-down = Omlaag
attention-none = Alles is op orde.
attention-look = Bekijk
space-free = Er is nog { $size } vrij voor opnamen.
attention-space = Er is nog maar { $size } vrij. Maak ruimte voordat je iets uploadt.
attention-media-gone = Bezoekers kunnen de opnamen niet afspelen: de mediamap is niet te lezen. Waarschuw de beheerder van de server.
attention-media-full = In de mediamap kan op dit moment niets worden opgeslagen: de schijf is vol of alleen te lezen. Bezoekers merken daar niets van. Vraag de beheerder van de server om hulp voordat je iets uploadt of verandert.
attention-database = De gegevens van het portaal zijn niet goed te lezen of te bewaren. Waarschuw de beheerder van de server.
attention-data-full = Het portaal kan op dit moment niets opslaan: de schijf met de gegevens is vol of alleen te lezen. Bezoekers merken daar niets van. Vraag de beheerder van de server om ruimte.
attention-uploads = De laatste upload is niet veilig op de schijf gekomen. Waarschuw de beheerder van de server voordat je verder uploadt.
attention-work = Het werk op de achtergrond staat stil: nieuwe bestanden in de mediamap verschijnen niet. Waarschuw de beheerder van de server.
attention-clock = De klok van de server is versprongen, of het portaal is nieuw of stond langer dan een dag uit. Daarom wordt voorlopig niets automatisch gewist: dat wacht tot de server nog { $hours ->
    [one] één uur heeft gedraaid.
   *[other] { $hours } uur heeft gedraaid.
} Wat in de prullenbak staat, blijft dus nog even staan.
done-captions = De ondertiteling is toegevoegd.
done-cues = Opgeslagen. De ondertiteling staat bij de opname.
done-poster = De foto is opgeslagen.
done-handout = De hand-out is toegevoegd.
done-removed = Verwijderd.
done-trashed = De opname ligt in de prullenbak.
done-restored = De opname is teruggezet.
done-series-removed = De reeks is weggehaald. Je kunt hem terugzetten vanuit de prullenbak.
done-series-restored = De reeks is teruggezet.
done-undone = Ongedaan gemaakt.
done-planned = De bijeenkomst is ingepland.
attention-messages =
    { $count ->
        [one] Er wacht één bericht van een bezoeker.
       *[other] Er wachten { $count } berichten van bezoekers.
    }
attention-contact = Er staat geen mailadres op de website. Bezoekers die in beeld zijn, kunnen alleen het berichtenformulier gebruiken. Een beheerder vult er een in bij “Vereniging”.
attention-missing =
    { $count ->
        [one] Van één opname ontbreekt het bestand.
       *[other] Van { $count } opnamen ontbreekt het bestand.
    }
attention-overdue =
    { $count ->
        [one] Eén bijeenkomst is geweest en heeft nog geen opname.
       *[other] { $count } bijeenkomsten zijn geweest en hebben nog geen opname.
    }
attention-drafts =
    { $count ->
        [one] Eén concept wacht op publicatie.
       *[other] { $count } concepten wachten op publicatie.
    }
attention-captions =
    { $count ->
        [one] Eén opname heeft geen ondertiteling.
       *[other] { $count } opnamen hebben geen ondertiteling.
    }
bulk-sure =
    { $count ->
        [one] Dit verandert bij één opname: { $what }.
       *[other] Dit verandert bij { $count } opnamen: { $what }.
    }
bulk-done =
    { $count ->
        [one] Eén opname is gewijzigd: { $what }.
       *[other] { $count } opnamen zijn gewijzigd: { $what }.
    }
desk-links = Links
desk-messages = Berichten
messages-text = Wat bezoekers schreven, het nieuwste bovenaan. We hebben hun beloofd binnen een maand te antwoorden. Na { $days } dagen wordt een bericht vanzelf gewist.
messages-to-handle = Nog af te handelen ({ $count })
messages-were-handled = Afgehandeld ({ $count })
messages-none = Hier zijn geen berichten.
messages-ticked = Wat je hebt aangevinkt
messages-handled = Zet op afgehandeld
messages-open = Zet terug
messages-wipe = Wis voorgoed
messages-of-portal = Over de website als geheel
messages-at = Bekijk vanaf { $moment }
messages-answer-to = Te bereiken via:
messages-no-answer = Wil geen antwoord, of liet niets achter om te antwoorden.
messages-handled-by = Afgehandeld door { $name } op { $when }
done-messages-handled = Afgehandeld.
done-messages-open = Teruggezet bij wat nog af te handelen is.
done-messages-wiped = Voorgoed gewist.
done-messages-none = Vink eerst een bericht aan.
links-lead = Dit is uitgedeeld, het nieuwste bovenaan. Kies een naam om de adressen te zien, te kopiëren of in te trekken.
links-none = Er is nog geen link uitgedeeld.
links-where = Een link maak je bij een opname of een reeks, onder Links. Voor een nieuwsbrief maak je ze daar onder Delen, allemaal tegelijk en met één naam.
links-to-recordings = Kies een opname
links-to-series = Kies een reeks
links-all = Alle links
links-count = { $count } links
links-ended =
    { $count ->
        [one] één werkt niet meer
       *[other] { $count } werken niet meer
    }
links-others =
    { $count ->
        [one] en nog één reeks
       *[other] en nog { $count } reeksen
    }
links-withdraw = Trek deze { $count } in
links-withdraw-sure = Wie zo’n adres heeft, kan het daarna niet meer openen. Dit kun je niet terugdraaien.
links-title = Links om uit te delen
links-text = Elke link heeft een naam, zodat je later weet aan wie je hem gaf. Je trekt ze los van elkaar in.
link-hint-draft = Deze opname is een concept. Kies eerst bij Wie het mag zien dat hij met een link te zien is.
link-hint-withdrawn = Deze opname is ingetrokken. Een link laat hem niet zien.
link-name = Voor wie of wat
link-name-hint = Bijvoorbeeld: teamoverleg mei
link-until = Werkt tot en met
link-add = Maak een link
link-address = Adres van de link
link-withdraw = Trek in
link-given = gemaakt op { $when }
link-withdrawn = ingetrokken op { $when }
link-expired = verlopen op { $when }
link-expires = werkt tot { $when }
link-over-title = Deze link werkt niet meer
link-over = De link is verlopen of ingetrokken. Vraag degene van wie je hem kreeg om een nieuwe.
done-link = De link is gemaakt.
done-link-withdrawn = De link werkt niet meer.
done-links-withdrawn = De links werken niet meer.
done-links-none = Er is niets ingetrokken: kies eerst een link.
erase-link = Wis definitief
erase-title = Definitief wissen
erase-sure = Je wist { $title } voorgoed. Dat kan niemand ongedaan maken. Deze bestanden gaan weg:
erase-also = Ook de foto’s, de ondertiteling, de hoofdstukken, de zoekresultaten en wat er in het logboek over staat, verdwijnen. Het adres zegt voor altijd dat de opname weg is.
erase-backups = In back-ups van deze server staat de opname nog, tot die zijn vervangen. Vraag de beheerder van de server hoe lang dat duurt. Wie het bestand eerder downloadde, heeft het nog.
erase-understood = Ik begrijp dat dit niet terug te draaien is
erase-button = Wis voorgoed
erase-not-sure = Zet eerst een vinkje dat je het begrijpt.
erase-not-trashed = Alleen wat in de prullenbak ligt, kun je voorgoed wissen.
done-erased = De opname is voorgoed gewist.
done-erased-purging = De opname is gewist, en niemand kan er meer bij. De laatste sporen in de database ruimt het portaal vanzelf op, zodra er genoeg ruimte op de schijf is en geen ander programma de database gebruikt.
cues-title = Ondertiteling: { $language }
cues-edit = bewerk regel voor regel
cues-help = Elke regel heeft een begin, een eind en een tekst. Maak de tekst leeg om een regel weg te halen. Onderaan is plaats voor nieuwe regels; ze komen vanzelf op de goede plek.
cues-long = Deze ondertiteling is te lang om hier regel voor regel aan te passen. Vervang haar door een bestand.
cues-many = Deze ondertiteling heeft meer dan { $most } regels. Vervang haar door een bestand.
cue-start = Begin van regel { $number }
cue-end = Eind van regel { $number }
cue-text = Tekst van regel { $number }
cue-time = Regel { $line }: vul begin en eind in, als 12, 1:05 of 0:12,5.
cue-start-short = Begin
cue-end-short = Eind
cue-text-short = Wat er wordt gezegd
cue-no-text = Regel { $line }: er staat geen tekst bij deze tijden. Typ de tekst, of maak ook de tijden leeg.
cue-beyond = Regel { $line }: deze tijden liggen na het einde van de opname ({ $length }).
cue-player = De opname
cue-here = Begint hier
cue-back = 5 seconden terug
cue-begins = Regel { $line } begint op { $time }.
cue-ends = Regel { $line } eindigt op { $time }. De volgende begint daar.
cue-not-yet = Regel { $line } heeft nog geen eind: speel verder tot het gezegd is, of typ het eind.
cue-keys = Onder het typen: Enter sluit een nieuwe regel af waar de speler nu is en begint de volgende, Shift en Enter maakt twee regels onder elkaar, Esc speelt af of zet stil, F2 gaat 5 seconden terug, F4 laat de regel hier beginnen.
cues-help-new = Er is nog geen ondertiteling in deze taal. Typ hieronder wat er wordt gezegd; elke regel heeft een begin, een eind en een tekst.
cues-help-times = Schrijf tijden als 12, 1:05 of 0:12,5.
cues-none = Er staat nog geen regel met tekst. Typ er ten minste één.
cues-more = Sla op en typ verder
cues-full = Hier passen hooguit { $most } regels, en samen niet te veel tekst. Haal weg wat te veel is. Langere ondertiteling voeg je toe als bestand.
cues-no-player = De opname is hier nu niet af te spelen. Je kunt de regels met hun tijden wel typen.
cues-no-file = Bij deze opname is nog geen bestand dat kan worden afgespeeld.
cues-by-another = Iemand anders heeft deze ondertiteling intussen gewijzigd. Er is nog niets van jou opgeslagen. Hieronder staat wat jij typte. Sla nog een keer op om dat te bewaren in plaats van wat er nu is.
cues-begun-by-another = Iemand anders heeft intussen ondertiteling in deze taal toegevoegd. Die is niet vervangen, en er is nog niets van jou opgeslagen. Hieronder staan die regels, met daaronder wat jij typte. Maak leeg wat dubbel is en sla nog een keer op.
corrections-title = Verbeteringen van bezoekers
corrections-help = Bezoekers meldden een fout in deze regels. Neem je een verbetering over, dan staat ze meteen in de ondertiteling.
corrections-waiting =
    { $count ->
        [one] 1 voorstel van een bezoeker
       *[other] { $count } voorstellen van bezoekers
    }
corrections-more = Er wachten er nog { $count }. Die komen hier te staan als je deze hebt afgehandeld.
correction-of-line = Regel { $number }
correction-line-gone = Deze regel is er niet meer
correction-there = Voorstel van een bezoeker
correction-changed = Deze regel is veranderd nadat de bezoeker hem las. Kijk of het voorstel nog klopt.
correction-was = Dit las de bezoeker
correction-now = Dit staat er nu
correction-proposed = Voorstel
correction-accept = Overnemen
correction-accept-all-the-same = Toch overnemen
correction-leave = Laten zoals het is
correction-to-line = Bekijk het voorstel bij de regel
done-correction-accepted = De verbetering is overgenomen.
done-correction-left = De regel blijft zoals hij is.
done-correction-changed = Deze regel is intussen veranderd. Er is nog niets overgenomen. Kijk hieronder wat er nu staat.
done-correction-gone = Dit voorstel is al afgehandeld.
embed-unlock = Bekijk het op
unlock-title = Hier is een wachtwoord voor nodig
unlock-text = Je hebt het gekregen van degene die je hierheen verwees.
unlock-ask = Heb je een vraag of sta je zelf in beeld?
unlock-button = Ga verder
unlock-wrong = Dit wachtwoord klopt niet.
unlock-short = Kies een wachtwoord van minstens { $least } tekens.
lock-title = Wachtwoord voor de hele reeks
lock-off = Er is geen wachtwoord. Met een wachtwoord staat de reeks in geen lijst en vraagt elke pagina erom.
lock-on = Er is een wachtwoord. Een nieuw wachtwoord sluit iedereen buiten die het oude gebruikte.
lock-password = Nieuw wachtwoord
lock-set = Stel in
lock-remove = Haal het wachtwoord weg
link-password = Wachtwoord (mag leeg)
link-locked = met wachtwoord
tab-text = Gegevens
tab-files = Bestanden
visibility-links = Wil je weten aan wie je hem gaf? Deel dan een link met een naam uit:
field-emptied = Dit veld is nu leeg.
changed-to-on = Dit staat nu aan.
changed-to-off = Dit staat nu uit.
poster-frame-label = Opname om een beeld uit te kiezen
poster-frame-none = Speel de opname eerst een stukje af. Dan is er een beeld om te gebruiken.
series-links = Links en wachtwoord
series-all-sure =
    { $count ->
        [0] Er verandert niets. Alle opnamen zijn al zo ingesteld: { $what }.
        [one] Bij één opname verandert wie hem mag zien. Dat wordt: { $what }.
       *[other] Bij { $count } opnamen verandert wie ze mag zien. Dat wordt: { $what }.
    }
hand-on-link = Draag opnamen over
hand-on-title = Draag opnamen over
hand-on-text =
    { $count ->
        [0] { $name } zorgt voor geen enkele opname, dus er valt niets over te dragen.
        [one] { $name } zorgt voor één opname. Wie neemt die over?
       *[other] { $name } zorgt voor { $count } opnamen. Wie neemt die over?
    }
hand-on-to = Wie er voortaan voor zorgt
hand-on-button = Draag over
done-handed-on = De opnamen zijn overgedragen.
people-keeps =
    { $count ->
        [one] zorgt voor één opname
       *[other] zorgt voor { $count } opnamen
    }
recording-keeper = Wie zorgt voor deze opname
recording-keeper-help = Alleen coördinatoren zien dit.
recording-keeper-nobody = Niemand in het bijzonder
problems-title = Wat aandacht vraagt
problems-none = Niets vraagt nu je aandacht.
problems-files = Bestanden die we niet kunnen gebruiken
problems-files-text = Vervang het bestand of haal het weg. We kijken vanzelf opnieuw zodra het verandert.
problems-jobs = Werk dat mislukte
problems-again = Probeer opnieuw
problem-caption = Deze ondertiteling is niet te lezen. Voeg haar bij de opname opnieuw toe, dan zie je op welke regel het misgaat.
problem-media = Dit is geen opname die we kunnen lezen. Zet het bestand opnieuw om naar MP4.
problem-picture = Deze foto is niet te lezen. Kies bij de opname een andere.
problem-file = Dit bestand is niet te lezen.
problem-portal = Hierin staan de gegevens van de vereniging, maar er klopt iets niet. Wat te lezen was, geldt; wat niet te lezen is, blijft zoals het was.
problem-no-file = Dit is een koppeling of iets anders dat zelf geen bestand is. Daarom gebruiken we het niet. Zet het bestand zelf op deze plek.
problem-no-folder = Op deze plek hoort een map te staan, maar dit is een koppeling, een bestand of iets anders dat zelf geen map is. Daarom gebruiken we het niet. Zet de map zelf op deze plek.
problem-password = Hier is een wachtwoord bewaard op een manier waarmee wij niet kunnen werken. Stel het wachtwoord van de reeks of de link opnieuw in; tot dan komt niemand er met dat wachtwoord in.
problem-step = Een deel van de verwerking van deze opname is niet gelukt. Probeer het nog eens, of vraag hulp aan wie de website beheert.
problem-poster-step = Van de foto konden we geen kleinere versies maken. Kies bij de opname een andere foto.
problem-hash-step = Het bestand kon niet helemaal worden gelezen. Misschien is de schijf beschadigd.
done-again = We proberen het opnieuw.
attention-timing =
    { $count ->
        [one] Van één opname is het bestand vervangen: passen de ondertiteling en de hoofdstukken nog?
       *[other] Van { $count } opnamen is het bestand vervangen: passen de ondertiteling en de hoofdstukken nog?
    }
attention-plays =
    { $count ->
        [one] Eén opname speelt bij niemand.
       *[other] { $count } opnamen spelen bij niemand.
    }
attention-problems =
    { $count ->
        [one] Eén bestand of taak vraagt aandacht, want er ging iets mis.
       *[other] { $count } bestanden of taken vragen aandacht, want er ging iets mis.
    }
list-keeper = Wie ervoor zorgt
list-any-keeper = Iedereen
bulk-move = Verplaats naar een andere reeks
bulk-series = ze verhuizen naar de reeks { $title }
bulk-set-keeper = Laat iemand ervoor zorgen
bulk-keeper = { $name } zorgt er voortaan voor
bulk-will-show = ze zijn te zien voor { $what }
bulk-will-trash = ze gaan naar de prullenbak
bulk-no-series = Kies een reeks.
bulk-no-keeper = Kies een collega.
act-add = toegevoegd
act-add-hand-out = hand-out toegevoegd
act-add-feed = adres van een feed gemaakt
act-add-key = sleutel gemaakt
act-administrator = beheerder gemaakt
act-choose-password = wachtwoord gekozen
act-delete = in de prullenbak gelegd
act-disable = uitgezet
act-edit = gewijzigd
act-edit-together = samen gewijzigd
act-editor = redacteur gemaakt
act-enable = weer aangezet
act-end-sign-in = apparaat uitgelogd
act-erase = definitief gewist
act-handle-message = berichten afgehandeld
act-reopen-message = berichten teruggezet
act-wipe-message = berichten gewist
act-hand-on = opnamen overgedragen
act-end-hand-out = hand-out niet langer openbaar
act-hand-out-link = link uitgedeeld
act-keep-hand-out = hand-out blijft openbaar en staat nu in het bestand naast de opname
act-set-embed-sites = websites voor de speler gekozen
act-invite = uitgenodigd
act-make-password-link = wachtwoordlink gemaakt
act-move = verplaatst
act-name-hand-out = hand-out een titel gegeven
act-plan = ingepland
act-publish = openbaar gemaakt
act-remove = weggehaald
act-remove-captions = ondertiteling verwijderd
act-remove-hand-out = hand-out verwijderd
act-remove-logo = logo weggehaald
act-remove-poster = foto verwijderd
act-reorder = volgorde gewijzigd
act-replace = bestand vervangen
act-restore = teruggezet
act-revoke-key = sleutel ingetrokken
act-set-captions = ondertiteling opgeslagen
act-set-keeper = aan iemand toevertrouwd
act-set-password = wachtwoord van de reeks gewijzigd
act-set-logo = logo opgeslagen
act-set-poster = foto opgeslagen
act-set-visibility = gewijzigd wie het mag zien
act-sign-in = ingelogd
act-sign-out-everywhere = overal uitgelogd
act-undo = ongedaan gemaakt
act-withdraw-link = link ingetrokken
audit-who-scan = het programma (lezen van de map)
audit-who-trash = het programma (legen van de prullenbak)
audit-who-command-line = de opdrachtregel
audit-message = Berichten van bezoekers
audit-wiped = Een gewiste opname
audit-wiped-of-series =
    { $count ->
        [one] een gewiste opname
       *[other] { $count } gewiste opnamen
    }
audit-file = Bestand
audit-no-version = een bestand dat er niet meer is
audit-another = een andere opname
audit-name = Naam
audit-start = Begint op
audit-created = Gemaakt
audit-withdrawn = Ingetrokken
audit-until = Werkt tot
audit-disabled = uitgezet
audit-secret = (niet getoond)
audit-yes = ja
audit-no = nee
audit-recording = Opname
audit-series = Reeks
audit-association = Gegevens van de vereniging
audit-coordinator = Account
trash-days =
    { $count ->
        [one] Na één dag wordt het voorgoed gewist.
       *[other] Na { $count } dagen wordt het voorgoed gewist.
    }
act-set-visibility-of-all = gewijzigd wie alles mag zien
tus-version = Deze website spreekt tus 1.0.0.
tus-length = Zeg met Upload-Length hoeveel bytes het bestand heeft, of met Upload-Defer-Length: 1 dat dat later komt.
tus-defer = Upload-Defer-Length mag alleen 1 zijn.
tus-offset = Zeg met Upload-Offset waar dit stuk begint.
tus-metadata = Upload-Metadata is niet te lezen. Schrijf paren van een naam en base64, met komma’s ertussen.
tus-type = Stuur een stuk als application/offset+octet-stream.
tus-conflict = De upload is ergens anders gebleven. Vraag met HEAD waar.
tus-beyond = Dit is meer dan er is aangekondigd.
tus-checksum = Upload-Checksum is niet te lezen. Gebruik sha1 of sha256.
tus-concatenation = Dit bestand komt in delen die tegelijk worden gestuurd (parallel uploads, Upload-Concat). Dat kan hier niet: stuur het als één upload, met parallelUploads op 1.
tus-extension = Dit verzoek vraagt om een uitbreiding van tus die hier niet bestaat. Wat er wel is, staat bij Tus-Extension in het antwoord op OPTIONS.
tus-coding = Stuur de bytes van het bestand zoals ze zijn, zonder Content-Encoding.
tus-mismatch = Dit stuk is onderweg beschadigd en telt niet mee. Stuur het opnieuw.
tus-over = Een nieuwer verzoek gaat verder met deze upload.
tus-broken = De verbinding is verbroken. Wat er al was, is bewaard.
upload-too-large = Dit bestand is te groot. Er past hoogstens { $most }.
upload-too-many = Je hebt al { $now } onderweg. Samen mag dat { $most } zijn. Wacht tot een bestand binnen is, of gooi een onderbroken upload weg.
upload-full = Er is te weinig ruimte op de server: { $free } vrij en { $needed } nodig. Wat er al was, is bewaard. Vraag de beheerder van de server om ruimte.
upload-failed = De server kon dit niet opslaan. Wat er al was, is bewaard. Probeer het zo nog eens.
upload-arriving = Nog { $left } te gaan.
upload-arriving-open = Onderweg.
upload-finishing = Alles is binnen. We kijken wat het is.
upload-done = De opname staat klaar als concept.
upload-replaced = De nieuwe versie staat klaar op het oude adres.
upload-not-media = Dit is geen opname. Kies een videobestand of geluidsbestand, zoals een MP4.
upload-damaged = Deze opname is beschadigd: het bestand spreekt zichzelf tegen. Exporteer hem opnieuw.
upload-incomplete = Deze opname is niet compleet: het bestand houdt te vroeg op. Exporteer hem opnieuw.
upload-known = Deze opname staat er al. Er is niets dubbel opgeslagen.
upload-lost = Het bestand is van de server verdwenen voordat het klaar was. Stuur het opnieuw.
act-upload = geüpload
act-replace-file = bestand vervangen door een nieuwe versie
versions-title = Het bestand
versions-now = Nu staat er:
versions-replace = Vervang het bestand
versions-help = Alle links, ondertitels en de foto blijven. Het oude bestand bewaren we voor je.
versions-earlier = Eerdere versies
versions-replaced-at = vervangen op { $when }
versions-back = Zet deze terug
versions-remove = Verwijder voorgoed
versions-beyond =
    { $count ->
        [one] Eén hoofdstuk of regel ligt na het einde van dit bestand. Die is bewaard.
       *[other] { $count } hoofdstukken en regels liggen na het einde van dit bestand. Ze zijn bewaard.
    }
timing-title = Passen de ondertiteling en de hoofdstukken nog?
timing-lengths = Het bestand is vervangen door een van een andere lengte: eerst { $before }, nu { $now }.
timing-length-unknown = Het bestand is vervangen door een van een andere lengte.
timing-unchecked = De ondertiteling en hoofdstukken zijn nog van het vorige bestand.
timing-unchecked-text = De ondertiteling en hoofdstukken zijn nog van het vorige bestand. Wat na het einde van het nieuwe bestand begint, is voor bezoekers al verborgen. Wat eerder uit de opname is geknipt, kunnen ze nog lezen. Mag dat niet, verberg dan alles.
timing-hidden = De ondertiteling en hoofdstukken zijn verborgen.
timing-hidden-text = Bezoekers zien nu geen ondertiteling en geen hoofdstukken.
timing-fits = Alles past
timing-keep = Alles past: laat het zo staan
timing-hide = Verberg ze tot iemand heeft gekeken
timing-shift-title = Of schuif alles op
timing-shift-text = Kies een regel of hoofdstuk dat je in het nieuwe bestand terughoort, en vul in waar het nu begint. Alle talen, alle hoofdstukken en de tijden in de beschrijving schuiven evenveel mee. Wat dan vóór het begin of na het einde valt, wordt voorgoed gewist.
timing-line = Regel
timing-at = Begint nu op
timing-at-help = Bijvoorbeeld 12, 0:12,5 of 1:02:03.
timing-at-odd = Vul in waar de regel begint, bijvoorbeeld 0:12.
timing-nothing-left = Dan blijft er van de ondertiteling niets over. Kijk of de tijd klopt, en of je de goede regel koos.
timing-lines-left = Dan blijft er van de hoofdstukken in de beschrijving niets over. Kijk of de tijd klopt, en of je de goede regel koos.
timing-here = Hier begint het
timing-shift = Schuif op
timing-notice = Het bestand is vervangen door een van een andere lengte. Kijk of de ondertiteling en de hoofdstukken nog passen.
done-timing = Je keuze is opgeslagen.
act-keep-timing = tijden van ondertiteling en hoofdstukken goedgekeurd
act-hide-timing = ondertiteling en hoofdstukken verborgen
act-shift-timing = ondertiteling en hoofdstukken opgeschoven
problems-times = Ondertiteling en hoofdstukken van een vorig bestand
problems-plays = Opnamen die bij niemand spelen
version-name-taken = Er staat al een ander bestand met de naam “{ $file }”. Geef dat eerst een andere naam.
done-version-back = Deze versie is terug. De andere is bewaard.
act-remove-version = versie voorgoed verwijderd
desk-upload = Uploaden
upload-page = Opnamen uploaden
upload-lead = Kies een of meer opnamen. Ze staan daarna klaar als concept, zodat niemand ze ziet voordat jij dat wilt.
upload-replace-title = Vervang het bestand van { $title }
upload-replace-lead = Kies het nieuwe bestand. Tot het binnen is blijft het oude te zien.
upload-series-help = Zonder reeks komt de opname in de inbox.
upload-no-series = Nog geen reeks
upload-title-help = Leeg laten mag: dan maken we een titel van de naam van het bestand.
upload-file = Opname
upload-file-help = Een videobestand of geluidsbestand, het liefst MP4.
upload-send = Upload
upload-list = Je uploads
upload-none = Je hebt nog niets geüpload.
upload-again = Kies het bestand opnieuw om verder te gaan. Dat kan tot { $when }.
upload-again-elsewhere = Ga verder met het programma waarmee je begon. Dat kan tot { $when }.
upload-give-up = Gooi weg
upload-forget = Haal uit de lijst
upload-open = Naar de opname
upload-drop = Sleep je opnamen of een map hierheen
upload-choose = Kies bestanden
upload-choose-folder = Kies een map
upload-waiting = Wacht op de vorige.
upload-sending = { $done } van { $size }, { $speed } per seconde, nog { $left }
upload-paused = Gepauzeerd op { $done } van { $size }.
upload-pause = Pauzeer
upload-go-on = Ga verder
upload-still = { $done } van { $size }, het staat even stil
upload-lost-connection = De verbinding is weg. We gaan vanzelf verder zodra het weer kan.
upload-in-between = Het versturen hapert onderweg (antwoord { $status }). Er is niets kwijt, en we proberen het vanzelf opnieuw.
upload-proxy-limit = Een proxy tussen je browser en dit portaal laat zelfs stukken van 256 kB niet door (antwoord 413). Vraag de beheerder van de server om die grens te verhogen: in nginx heet de instelling client_max_body_size.
upload-changed = Het bestand is veranderd of verplaatst sinds je het koos. Kies het opnieuw, dan begint het uploaden opnieuw.
upload-anew = { $name } begint opnieuw. Van een bestand met die naam staat hier al een deel, maar dat is een ander bestand of was voor iets anders bedoeld.
upload-not-saved = De titel, het nummer of de reeks van { $name } is niet opgeslagen. Probeer het zo nog eens.
upload-signed-out = Je bent niet meer ingelogd. Log in een ander tabblad in, dan gaan we hier vanzelf verder.
upload-retry = Probeer opnieuw
upload-all = Samen { $percent }%: { $done } van { $size }, nog { $left }
upload-at = { $name }: { $percent }%
upload-skipped = { $name } is geen opname en is overgeslagen.
upload-beside-added = { $name } hoort hierbij en is toegevoegd.
upload-beside-failed = { $name } is niet toegevoegd.
upload-whole = { $name } is binnen.
upload-unknown-series = Er is geen reeks met deze naam. Kies een andere, of laat het veld leeg.
upload-no-space = Er is te weinig ruimte op de server. Vraag de beheerder van de server om ruimte en stuur het bestand dan opnieuw.
upload-broke-off = De verbinding is verbroken, en zonder JavaScript kunnen we niet verdergaan waar het bleef. Stuur het bestand opnieuw.
done-uploaded = Het bestand is binnen. Hieronder zie je wat ervan geworden is.
publish-heading = Klaar voor bezoekers?
publish-title = De titel
publish-date = De datum van de bijeenkomst
publish-captions = De ondertiteling
publish-plays = Een bestand dat bij iedereen speelt
publish-there = in orde
publish-missing = ontbreekt nog
publish-first = Vul dit eerst aan. Wil je toch eerder, kies dan bij Wie het mag zien wie hem ziet.
publish-now = Maak openbaar
publish-saves = Wat je hieronder hebt gewijzigd, wordt meteen opgeslagen.
plays-nowhere = Let op: dit speelt bij niemand. { $why }
plays-partly = Let op: dit speelt niet bij iedereen. { $why }
broken-off-help = Heb je het hele bestand nog? Vervang dit bestand dan.
plays-soon = Het portaal maakt er nu een bestand van dat wel overal speelt.
plays-count =
    { $count ->
        [one] Eén van deze opnamen speelt niet bij iedereen.
       *[other] { $count } van deze opnamen spelen niet bij iedereen.
    }
published-heading = Nu te zien voor iedereen
published-link = De link om te delen
published-share = Maak er een blok voor een nieuwsbrief of website van

# A change that has to wait
series-busy = Iemand anders verandert op dit moment iets in deze reeks. Wat je deed is nog niet opgeslagen. Probeer het over een paar seconden nog eens.
save-disk-full = De schijf van de server is vol. Wat je deed is niet opgeslagen. Vraag de beheerder van de server om ruimte en probeer het daarna nog eens.
save-not-noted = Je wijziging staat in de mediamap, maar is nog niet te zien: de schijf met de gegevens van het portaal is vol. Zodra er ruimte is, verschijnt ze vanzelf. Vraag de beheerder van de server om ruimte.
save-partly = Van { $all } wijzigingen zijn er { $done } gelukt; de rest is niet veranderd. Kijk in de lijst wat nog moet, en vraag de beheerder van de server of er genoeg ruimte is.
save-changed-by-hand = Iemand heeft dit bestand net met de hand veranderd. Wat je deed is nog niet opgeslagen. Probeer het nog eens.
try-again-title = Nog niet opgeslagen
try-again-kept = Wat je hebt ingevuld staat klaar. Er is niets kwijt.
try-again = Nog eens proberen

# De licentie
licence-help = Wat anderen met deze opname mogen. Een Creative Commons-licentie kun je niet terugnemen: wie de opname al heeft, mag hem blijven gebruiken.
series-licence-help = Geldt voor alle opnamen in deze reeks die zelf geen licentie hebben. Een Creative Commons-licentie kun je niet terugnemen: wie een opname al heeft, mag hem blijven gebruiken.
licence-as-series = zoals de reeks
licence-as-portal = zoals de instelling van de website
bulk-set-licence = Geef de licentie
bulk-licence = de licentie wordt { $what }
licence-for-ever = Een Creative Commons-licentie kun je niet terugnemen: wie een opname al heeft, mag hem blijven gebruiken, ook als je later een andere kiest. Controleer of iedereen die te zien of te horen is, het daarmee eens is.
series-typed = De titel van de reeks, of de naam in het adres.
colleague-typed = Het mailadres van je collega.
problems-more = Er zijn er meer. Ze komen hier te staan zodra je iets van deze lijst hebt opgelost.
attention-index = Zoeken is nog niet compleet: { $count ->
    [one] één opname wordt
   *[other] { $count } opnamen worden
} nog ingelezen. Dat gaat vanzelf.
frame-legend = Een beeld uit de opname
frame-alt = Beeld op { $moment }
frame-in-use = in gebruik
frame-first = ons voorstel
frame-choose = Kies dit beeld
frame-by-itself = Deze foto is vanzelf uit de opname gekozen. Past een ander beeld beter? Kies het hier. Wat je zelf kiest, blijft staan, ook als je het bestand vervangt.
frame-proposed = Deze opname heeft nog geen foto. Kies een beeld. Staat er iemand herkenbaar op? Vraag dan eerst of dat goed is: iedereen die bij de opname kan, ziet de foto.
frame-declined = Bij deze opname wordt vanzelf geen foto gezet. Je kunt er altijd nog een kiezen.
frame-instead = Je kunt de foto vervangen door een van deze beelden.
frame-none-of-them = Geen van deze beelden
frame-unchosen = Kies eerst een van de beelden.
frame-gone = Deze beelden zijn intussen vernieuwd, omdat het bestand werd vervangen. Kies opnieuw.
problem-picture-step = In deze opname konden we geen beeld vinden voor een foto. Kies zelf een foto bij de opname.
desk-queue = Verwerking
queue-lead = Van elke opname maken we vanzelf bestanden die bij iedereen afspelen, ook op een telefoon met een zwakke verbinding. Je hoeft er niet op te wachten.
queue-reload = Deze pagina laat zien hoe het nu staat.
queue-reload-link = Kijk opnieuw
queue-running = Nu bezig
queue-running-none = Er is nu niets bezig.
queue-coming = Hierna
queue-ended = Gestopt of mislukt
queue-rest = En nog { $count } meer.
queue-percent = { $percent }%
queue-left = nog ongeveer { $length }
queue-stop = Stoppen
queue-again = Opnieuw proberen
queue-waits = Staat in de rij.
queue-waits-until = Gaat verder op { $when }.
queue-waits-paused = Wacht, want de opnamen van eerder staan stil.
queue-stopped-by = Gestopt door { $who }.
queue-is-done = Klaar: { $step }, { $title }.
queue-is-over = Gestopt of mislukt: { $step }, { $title }.
queue-backlog = Opnamen van eerder
queue-backlog-count =
    { $count ->
        [one] Eén opname stond er al en is nog niet helemaal verwerkt.
       *[other] { $count } opnamen stonden er al en zijn nog niet helemaal verwerkt.
    }
queue-backlog-runs = Ze komen aan de beurt als er niets nieuws is.
queue-backlog-paused = Ze staan stil tot je ze laat doorgaan. Wat nieuw is, gaat gewoon door.
queue-backlog-estimate = Naar schatting kost dat { $length } rekentijd en { $size } ruimte. Op een trage computer duurt het langer.
queue-backlog-unknown =
    { $count ->
        [one] Van één opname weten we nog niet hoe lang zij duurt; die telt niet mee.
       *[other] Van { $count } opnamen weten we nog niet hoe lang ze duren; die tellen niet mee.
    }
queue-backlog-pause = Laat ze wachten
queue-backlog-start = Laat ze doorgaan
queue-tools-missing = Het programma ffmpeg staat niet op de computer waar de website draait (in Debian heet het pakket ffmpeg).
queue-tools-off = Het programma ffmpeg is in de instellingen uitgezet.
queue-tools-would = Met ffmpeg maken we van elke opname wat bij iedereen afspeelt, en kleine versies voor zwakke verbindingen. Zonder bieden we opnamen aan zoals ze zijn.
step-inspect = Bekijken wat er in het bestand zit
step-poster = Kleinere versies van de foto maken
step-full = Geschikt maken voor elke browser
step-small = Kleine versie en alleen het geluid maken
step-medium = Versie van 720 pixels maken
step-hash = Nagaan of het bestand heel is
step-captions = Ondertiteling en hoofdstukken uit het bestand halen
step-picture = Beelden voor een foto uitzoeken
step-other = Verwerken
problem-inspect-step = We konden niet zien wat er in dit bestand zit. Misschien is het niet heel aangekomen: speel het zelf eens af, en upload het zo nodig opnieuw.
problem-captions-step = De ondertiteling of hoofdstukken in dit bestand konden we er niet uit halen. Je kunt ze zelf toevoegen bij de opname.
problem-full-step = Van dit bestand konden we niets maken dat bij iedereen afspeelt. Speel het zelf eens af; lukt dat niet, upload het dan opnieuw of zet het eerst om naar MP4.
problem-small-step = De kleine versie en het losse geluid zijn niet gelukt. Wat er al was, blijft gewoon afspelen.
problem-medium-step = De versie van 720 pixels is niet gelukt. Wat er al was, blijft gewoon afspelen.
done-job-stopped = Het is gestopt.
done-job-over = Dat was net klaar, of een collega was je voor.
done-backlog-paused = De opnamen van eerder wachten.
done-backlog-started = De opnamen van eerder komen weer aan de beurt.
done-made-again = We maken alles opnieuw.
made-title = Wat ervan gemaakt is
made-none = Er is nog niets van deze opname gemaakt.
made-full = Voor elke browser
made-720p = Middelgroot
made-360p = Klein, voor een zwakke verbinding
made-sound = Alleen het geluid
made-opus = Alleen het geluid, klein
made-again = Opnieuw maken
made-again-help = Ziet of klinkt een van deze bestanden niet goed? Maak ze dan opnieuw. Tot de nieuwe klaar zijn, krijgen bezoekers die van nu.
made-no-tools = Zonder ffmpeg kunnen we niets opnieuw maken.
act-stop-job = verwerking gestopt
act-retry-job = verwerking opnieuw geprobeerd
act-pause-backlog = opnamen van eerder laten wachten
act-start-backlog = opnamen van eerder laten doorgaan
act-make-again = opnieuw laten maken wat ervan gemaakt was
association-title = Gegevens van de vereniging
association-text = Zo noemt en toont de website je vereniging. Wat je opslaat, geldt meteen.
association-name = Naam
association-name-help = Staat boven aan elke pagina en bij alles wat gedeeld wordt. Leeg: Terugkijken.
association-contact = E-mailadres voor vragen
association-contact-help = Bezoekers die in beeld zijn of een vraag hebben, kunnen hierheen mailen. Leeg: ze kunnen alleen het berichtenformulier gebruiken.
association-accent = Kleur
association-accent-help = Van links en knoppen. Een hekje met zes cijfers of letters van a tot en met f, zoals #0f5e63. Leeg: de kleur van het programma.
association-accent-odd = Dit is geen kleur. Typ een hekje met zes cijfers of letters van a tot en met f, zoals #0f5e63.
association-accent-now = Nu: { $colour }.
association-accent-adjusted = Die is op een lichte pagina moeilijk te lezen. Daar gebruiken we voor tekst { $colour }.
association-footer = Regel onder aan elke pagina
association-footer-help = Bijvoorbeeld de volledige naam en de plaats van de vereniging. Leeg: de naam van hierboven.
association-logo = Logo
association-logo-none = Er is geen logo. Boven aan elke pagina staat de naam.
association-logo-file = Een plaatje (SVG, PNG, JPEG of WebP), hoogstens 2 MB
association-logo-set = Gebruik dit logo
association-logo-remove = Haal het logo weg
association-logo-fixed = Bestand
association-logo-odd = Dit is geen plaatje dat we kunnen gebruiken. Kies een SVG, PNG, JPEG of WebP.
association-logo-large = Dit plaatje is te groot. Sla het kleiner op, hoogstens 2 MB en 3000 beeldpunten breed en hoog, en kies het opnieuw.
association-logo-active = In dit SVG-bestand zit meer dan een tekening, zoals een script. Sla het op als gewone SVG of als PNG, en kies het opnieuw.
association-fixed-variable = Dit staat vast in de variabele { $variable } van de server. Vraag de beheerder van de server om het te veranderen.
association-fixed-file = Dit staat vast bij { $setting } in het instellingenbestand van de server (terugkijken.toml). Vraag de beheerder van de server om het te veranderen.
association-broken = Het bestand portal.toml in de mediamap is niet te lezen: { $why } Vraag de beheerder van de server om het te herstellen.
association-unreadable = Het bestand portal.toml in de mediamap is niet te lezen. Wat er het laatst in stond, geldt nog. Tot iemand het herstelt, kunnen we hier niets opslaan.
done-logo = Opgeslagen. Het logo staat nu op elke pagina.
done-logo-removed = Opgeslagen. Boven aan elke pagina staat nu de naam.
