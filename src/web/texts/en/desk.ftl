# The coordinators' desk, and signing in.
email = Email address
name = Name
role = Role
role-editor = Editor
role-administrator = Administrator
password = Password
password-old = Your current password
password-new = New password
password-help = At least 12 characters. A few loose words in a row are easy to remember. You may paste it.
password-show = Show
password-hide = Hide
password-short = This password is too short. Choose one of at least { $least } characters.
password-long = This password is too long. It may have at most { $most } characters.
password-worst = This is one of the first passwords others would guess. Choose another.
password-not-this = This is not your current password.
sign-in = Sign in
sign-in-button = Sign in
sign-in-help = Forgot your password? Ask a colleague who is an administrator for a new link.
sign-in-wrong = This email address and password do not go together. Check both.
sign-in-kept = You were no longer signed in. What you filled in is kept. Sign in, and you can still save it.
sign-in-lost = You were no longer signed in. Sign in, and then choose the file again.
sign-in-in-the-clear = You can only sign in at { $address }. The address you are at now is not secure: your browser does not remember there that you are signed in. Do not type a password here.
sign-in-there = Go to the secure address
sign-in-no-cookie = Your password is right, but your browser did not keep that you are signed in. Allow cookies for this website and sign in again.
sign-out = Sign out
send-again-title = You are signed in again
send-again-text = What you filled in is still there. Save it now.
send-again = Save after all
welcome-first = Make the first account
welcome-first-text = With this account you look after the site and invite colleagues.
welcome-password = Choose your password
welcome-for = Hello { $name }. Choose a password below and you can start.
welcome-button = Save and go on
welcome-over = This link was used already or has expired. Ask an administrator for a new one.
email-odd = This is not an email address.
coordinator-known = There is an account for { $email } already.
coordinator-disabled = This account is switched off. Switch it on first.
last-administrator = One administrator has to stay. Make someone else an administrator first.
desk = Desk
desk-menu = Menu
desk-home = Overview
desk-people = Colleagues
desk-association = Association
desk-audit = Log
desk-account = My account
desk-welcome = Hello { $name }.
first-heading = How to begin
first-done = done
first-series = Make a series
first-series-help = It keeps the recordings of one training or subject together.
first-upload = Upload a recording
first-upload-help = Nobody else sees it yet.
first-publish = Make a recording public
first-publish-help = Open the recording and see whether all is right. Then you can share it.
account-password = Password
account-password-button = Change password
account-sign-ins = Where you are signed in
account-seen = last used on { $when }
account-here = this device
account-end = Sign out there
account-end-all = Sign out everywhere
account-feeds = Staying informed
account-feeds-text = Make an address here and put it into a feed reader, such as the one in Outlook or Thunderbird. There you see what needs attention: a message from a visitor, an upload that was refused, a job that failed, a full disk. What visitors wrote is not in it. The address is secret: whoever has it reads along. You can revoke it.
feed-name = What for
feed-name-help = For instance: feed reader on my phone
feed-add = Make an address
feed-made = This is the address. Put it into your feed reader now, because you will not see it again.
notices-title = What needs attention on { $name }
notices-text = Messages from visitors and things that go wrong
notices-over = This address no longer works. Make a new one at your account.
notice-message = Message from a visitor: { $kind }
notice-message-text = Read it at the desk and then mark it as handled.
notice-job = A job of a recording failed
notice-file = A file in the media folder cannot be used
notice-timing = Captions and chapters may not fit their file any more
notice-problems-text = The desk says which one, and what you can do about it.
notice-upload = An upload was refused
notice-upload-text = The desk says why, under Upload.
notice-space = There is little space left on the disk
notice-space-text = Make room before you upload anything.
notice-readiness = Something is wrong with the server
account-keys = Access keys
account-keys-text = With a key a script works on your behalf. Give each script a key of its own, so that you can revoke them one by one.
key-name = What for
key-name-help = For example: upload script of the meeting room
key-add = Make a key
key-made = This is the key. Keep it now, because it is not shown again.
key-unused = not used yet
key-revoke = Revoke
keys-keep = My access keys and feed addresses go on working
keys-keep-help = Without a tick they stop working as soon as you change the password. Whoever knew your old password may have made one. Only let them go on when you are sure that nobody did.
people-invite = Invite a colleague
people-invite-button = Make an invitation
people-link-made = Pass this link on. It works once, for seven days.
people-link-keys = When your colleague chooses a new password with this link, the access keys and feed addresses of that account stop working, unless your colleague lets them go on.
people-invited = invited, no password yet
people-disabled = switched off
people-other-spelling = another spelling of the address of another account: nobody can sign in with it. Hand its recordings on and switch this account off.
people-link = New password link
people-make-administrator = Make administrator
people-make-editor = Make editor
people-disable = Switch off
people-enable = Switch on again
audit-filter = Search the log
audit-export = Download as CSV
audit-when = When
audit-who = Who
audit-what = What
audit-subject = To what
audit-before = Before
audit-after = After
audit-none = Nothing was found about this.
filter = Search
done-saved = Saved.
done-welcome = Your account is ready. You are signed in now.
done-published = Saved. It is online now.
done-password = Your password was saved. You were signed out on other devices.
done-password-keys = Your password was saved. You were signed out on other devices, and your access keys and feed addresses no longer work. Make new ones for what you still use.
done-signed-out = Signed out.
done-signed-out-everywhere = You were signed out everywhere.
done-key-revoked = The key no longer works.
done-disabled = The account is switched off. All devices were signed out and the keys no longer work.
done-enabled = The account is switched on again.
done-role = The role was changed.
form-errors =
    { $count ->
        [one] One thing is not right yet
       *[other] { $count } things are not right yet
    }
form-unreadable = This form did not come across well. Nothing was changed. Go back and try again.
form-large = This form is too large to save. Nothing was changed. Go back and make the text shorter.
form-slow = This form arrived too slowly. Nothing has changed. Go back and try again.
field-needed = Fill this in.
field-one-line = Keep this on one line.
field-unseen = Nobody can see any of this. Enter something your readers can see.
field-long = This is { $count } characters long. There is room for { $most }.
field-control = This holds an invisible character that we cannot keep. Type the text again or paste it as plain text.
desk-recordings = Recordings
desk-series = Series
desk-trash = Trash
save = Save
remove = Remove
restore = Put back
to-page = View the page
as-visitor = View as a visitor
edit-recording = Edit this recording
saved-by-another = Someone else changed this meanwhile. Nothing of yours was saved yet. Each field that differs shows what is there now. Save once more to keep your text.
field-changed = This now says: { $now }
sidecar-broken = The file beside this recording cannot be read: { $why } Ask whoever runs the server to mend it.
folder-read-only = Nothing can be saved in the folder { $folder }. Ask whoever runs the server for permission to write.
place-no-file = There is a link or something else that is no file at “{ $file }”. Ask whoever runs the server to put a real file there.
place-no-folder = There is no folder at “{ $folder }”, but perhaps a link or a file. Ask whoever runs the server to put a real folder there.
recording-title = Title
recording-number = Number
recording-number-help = Its place in the series.
recording-date = Date
recording-language = Language
language-other = Or another language
language-other-help = Is your language not in the list? Type its code, such as pap. It outweighs the choice.
recording-summary = Summary
recording-summary-help = One or two sentences for lists.
recording-description = Description
recording-description-help = Formatting with Markdown: **bold**, *italic*, lists and links. If two or more lines begin with a time, such as 12:30 Questions from the group, and you leave Chapters empty, those lines become the chapters.
recording-speakers = Speakers
speaker-name = Name of a speaker
speaker-role = Role, such as trainer
speaker-nameless = There is no name with the role { $role }.
recording-chapters = Chapters
recording-chapters-help = One per line: the time and the title, such as 0:12:30 Questions from the group.
chapter-time = Line { $line }: { $written } is not a time. Begin with a time such as 0:12:30.
chapter-title = Line { $line }: there is no title after the time.
chapter-long = Line { $line }: this title is too long.
chapter-late = Line { $line }: { $written } is after the end of the recording.
chapter-twice = Line { $line }: { $written } is there twice.
chapter-many = These are too many chapters. There is room for { $most }.
recording-download = Visitors may download the file
preview = Preview
preview-button = Show a preview
number-odd = Fill in a number from { $from } to { $to }, or leave this empty.
date-odd = This date does not exist. Write it as 2026-09-01.
language-odd = This is not a language code. Use nl or en, for example.
visibility-title = Who may see it
visibility-who = This recording can be seen by
visibility-draft = coordinators only (draft)
visibility-link = only with a link you hand out
visibility-unlisted = everyone who knows the address
visibility-public = everyone (public)
visibility-withdrawn = nobody any more (withdrawn)
recording-published = First seen by visitors
visible-from = From
visible-until = Until
visible-zone = Empty means: no limit. The times are those on the clock of this site.
withdrawn-reason = Why it was withdrawn
withdrawn-reason-help = Visitors read this at the old address.
replaced-by = What took its place
replaced-by-help = The address of the new recording on this site.
replaced-by-odd = There is no recording of this site at that address.
visibility-save = Save who may see it
moment-odd = This moment does not exist. Write it as 2026-09-01 14:30.
moment-skipped = This moment does not exist: the clock goes forward an hour then. Choose an hour earlier or later.
until-before-from = This has to be later than the beginning.
seen-draft = Draft: only coordinators see this recording.
seen-link = Only seen with a link that was handed out.
seen-unlisted = Seen by everyone who knows the address, and found in no list.
seen-public = Public: everyone can see this recording.
seen-withdrawn = Withdrawn: the address says why.
seen-from = Not seen yet. That will be from { $when }.
seen-over = No longer seen since { $when }.
seen-end = That lasts until { $when }.
seen-never = Not seen, because the moment it begins cannot be read.
captions-title = Captions
captions-none = There are no captions yet. Without captions not everyone can follow this recording.
captions-file-label = File with captions
captions-file-help = A .vtt or .srt file. Captions that are there in this language are replaced.
captions-add = Add captions
captions-type = Type captions yourself
captions-type-help = You type what is said, beside the player. Nothing is saved until you save the first lines.
captions-type-go = Type captions
captions-empty = There is not a single line in this file.
captions-name-taken = Another recording in this series is called { $name }, so these captions would belong to that one. First give that recording another file name in the folder.
captions-warnings = This was left out or put right:
captions-warnings-in = Left out or put right in
caption-warning-out-of-order = Line { $line }: begins before the line above it. We put the lines in order of time.
caption-warning-setting = Line { $line }: behind the times stands a setting that does not exist or is not right. We left it out.
caption-warning-text-joined = Line { $line }: there is an empty line above this. We kept the text with the caption above.
caption-warning-block = Line { $line }: this is neither a caption nor a comment. We left it out.
caption-warning-cue-in-comment = Line { $line }: there is a time in this comment (NOTE). What it holds stays a comment and is not shown.
caption-warning-empty-cue = Line { $line }: there is no text here. We left the caption out.
caption-warning-bytes-replaced = Line { $line }: there are characters here that cannot be read. We replaced them.
caption-warning-bad-time = Line { $line }: this time cannot be read. We left the caption out.
caption-warning-ends-before-start = Line { $line }: this caption ends before it begins. We left it out.
caption-warning-cue-too-long = Line { $line }: this text is too long. We left the caption out.
caption-broken-too-large = This file is too large for captions.
caption-broken-not-captions = These are no captions in WebVTT or SRT.
caption-broken-time = Line { $line }: this time cannot be read.
caption-broken-ends-before-start = Line { $line }: this cue ends before it begins.
caption-broken-cue-too-long = Line { $line }: this text is too long.
caption-broken-too-many-cues = This file has too many cues.
poster-title = Picture
poster-alt = The picture of now
poster-file-label = A picture (JPEG, PNG or WebP)
poster-set = Use this picture
poster-remove = Take the picture away
poster-frame = Or choose a frame of the recording: pause it at the best moment.
poster-take = Use this frame
poster-odd = This is not a picture we can use. Choose a JPEG, PNG or WebP.
poster-large = This picture has too many pixels to process. Save it smaller, 4000 pixels wide for example, and choose it again.
handouts-title = Hand-outs
handout-file-label = File
handout-file-help = A document, presentation, spreadsheet, picture, text, e-book, zip or calendar item. Another file, such as a quiz (.h5p), is mostly fine too; a program or a web page is not. Everybody who may see the recording can download it.
handout-name = Title of the hand-out
handout-add = Add
handout-odd = This file cannot be a hand-out. Choose a document, a presentation or a picture. Recordings and captions belong elsewhere.
handout-runs = A .{ $ending } file can run something on the visitor’s computer, so it cannot be a hand-out. Make it a PDF, or put it on another website and give that address in the description of the recording.
handout-left = This is a backup, a part of a file or something else that a program left behind. Choose the file itself.
handouts-unclaimed = Files in the folder that are no hand-outs
handouts-unclaimed-text = Nobody can see or download these files.
handout-take = Make it a hand-out
handout-unfit-kind = No document, presentation, spreadsheet, picture, text, e-book, zip or calendar item.
handout-unfit-people = It may say who was there and what they said.
handout-unfit-chat = The chat, or captions that a participant saved: meant for those who were there only.
handout-unfit-leftover = Left behind by a program: a backup, a part of a file or a second version.
handout-unfit-sidecar = A copy of the description of the recording. It never becomes public.
file-none = Choose a file first.
file-large = This file is too large. There is room for { $most }.
trash-title = Throw away
trash-text = The recording leaves all lists and its address says that it is gone. The file stays and you can put it back.
trash-button = Move to the trash
trash-lead = What is here is seen by nobody. Put it back and all is as it was.
trash-empty = The trash is empty.
trash-series = Series
trash-series-text = If you put a series back, the recordings that were removed with it come back as well.
series-removed = Removed
series-remove = Remove this series
series-remove-text = The recordings go to the trash, and the series stands nowhere any more. From the trash you put everything back at once.
series-remove-sure =
    { $count ->
        [0] This series has no recordings.
        [one] The one recording of this series goes to the trash.
       *[other] The { $count } recordings of this series go to the trash.
    }
series-remove-keeps = Whoever has the address of the series or of a recording reads that it is gone. That address is never given to another. All files stay in the folder.
trash-since = thrown away on { $when }
list-word = Word in the title
list-series = Series
list-all-series = All series
list-visibility = Visibility
list-any-visibility = Any
list-lacks = Needs attention
list-complete-or-not = Everything
list-none = Nothing fits this.
list-tick-all = All
list-tick-none = None
list-on-page = on this page
list-tick-page = Tick all on this page
list-number = No.
list-length = Length
state-draft = draft
state-link = by link
state-unlisted = by address
state-public = public
state-withdrawn = withdrawn
lacks-playing = does not play
bulk-ticked = { $count } ticked
bulk-ticked-none = Nothing ticked yet
lacks-file = file is missing
lacks-captions = no captions
lacks-recording = recording is late
bulk-legend = With what you ticked
bulk-act = What do you want to do
bulk-set-language = Set the language to
bulk-add-speaker = Add a speaker
bulk-show = Seen by { $what }
bulk-language = the language becomes { $what }
bulk-speaker = { $name } is added to the speakers
bulk-trash = Move to the trash
bulk-look = See what will change
bulk-title = Change together
bulk-do = Yes, do this
bulk-not = No, leave it
bulk-undo = Undo
bulk-back = Back to the recordings
bulk-none = Tick recordings first.
bulk-many = Choose at most { $most } recordings at once.
bulk-no-act = Choose what you want to do.
podcast-guid = Identifier for podcast apps
series-name = Title of the series
series-folder = Name in the address
series-folder-help = You may leave this empty: then we make it from the title. It cannot be changed later.
series-folder-odd = Choose a name with plain letters or digits.
series-folder-taken = The name { $folder } was used before. Choose another.
series-new = New series
series-add = Make this series
series-table = recordings as a table
demo-title = Take the example series out
demo-sure = The example series and its recordings go for good, also from the server. Who opens an old link reads that the recording is gone.
demo-remove = Take the example series out
demo-stayed = One of you put these files into the folder of the example series. They stay.
done-demonstration = The example series is gone.
series-upload = Upload a recording
series-recordings-title = Sessions
series-empty = There is nothing in this series yet.
series-publish = Make all public
series-withdraw = Withdraw all
series-draft = Make all drafts
series-plan = Plan a session
series-plan-text = The page and its address exist at once. They say that the recording will follow.
series-plan-button = Plan it
series-about = About this series
series-organiser = Who organises it
series-order = Place on the home page
series-order-help = Lowest first. Empty comes after, newest first.
series-goes-for =
    { $count ->
        [0] This series has no recordings yet. What you choose below will go for each recording that does not say otherwise itself.
        [one] This series has one recording. What you choose below goes for it, unless that recording says otherwise itself.
       *[other] This series has { $count } recordings. What you choose below goes for all of them, except one that says otherwise itself.
    }
series-visibility = Who may see the recordings of this series?
series-visibility-help = This goes for each recording for which nothing else was chosen.
series-visibility-setting = as the setting of the site
series-up = Up
series-down = Down
attention-none = All is well.
attention-look = Look
space-free = There is { $size } free for recordings.
attention-space = Only { $size } is free. Make room before you upload anything.
attention-media-gone = Visitors cannot play the recordings: the media folder cannot be read. Tell whoever keeps the server.
attention-media-full = Nothing can be saved in the media folder right now: the disk is full or read-only. Visitors notice nothing of it. Ask whoever keeps the server for help before you upload or change anything.
attention-database = The data of the portal cannot be read or saved properly. Tell whoever keeps the server.
attention-data-full = The portal cannot save anything right now: the disk with its data is full or read-only. Visitors notice nothing of it. Ask whoever keeps the server for space.
attention-uploads = The last upload did not reach the disk safely. Tell whoever keeps the server before you upload anything else.
attention-work = The work in the background stands still: new files in the media folder do not appear. Tell whoever keeps the server.
attention-clock = The clock of the server jumped, or the portal is new or was off for more than a day. So nothing is erased by itself yet: that waits until the server has run for { $hours ->
    [one] one more hour.
   *[other] { $hours } more hours.
} What is in the trash stays there a little longer.
done-captions = The captions were added.
done-cues = Saved. The captions are with the recording.
done-poster = The picture was saved.
done-handout = The hand-out was added.
done-removed = Removed.
done-trashed = The recording is in the trash.
done-restored = The recording was put back.
done-series-removed = The series was removed. You can put it back from the trash.
done-series-restored = The series was put back.
done-undone = Undone.
done-planned = The session was planned.
attention-messages =
    { $count ->
        [one] One message from a visitor is waiting.
       *[other] { $count } messages from visitors are waiting.
    }
attention-contact = There is no mail address on the website. Visitors who are in a recording can only use the message form. An administrator fills one in under “Association”.
attention-missing =
    { $count ->
        [one] The file of one recording is missing.
       *[other] The files of { $count } recordings are missing.
    }
attention-overdue =
    { $count ->
        [one] One session was held and has no recording yet.
       *[other] { $count } sessions were held and have no recording yet.
    }
attention-drafts =
    { $count ->
        [one] One draft waits to be published.
       *[other] { $count } drafts wait to be published.
    }
attention-captions =
    { $count ->
        [one] One recording has no captions.
       *[other] { $count } recordings have no captions.
    }
bulk-sure =
    { $count ->
        [one] This changes for one recording: { $what }.
       *[other] This changes for { $count } recordings: { $what }.
    }
bulk-done =
    { $count ->
        [one] One recording was changed: { $what }.
       *[other] { $count } recordings were changed: { $what }.
    }
desk-links = Links
desk-messages = Messages
messages-text = What visitors wrote, the newest first. They were promised an answer within a month. After { $days } days a message is erased by itself.
messages-to-handle = To handle ({ $count })
messages-were-handled = Handled ({ $count })
messages-none = There are no messages here.
messages-ticked = What you have ticked
messages-handled = Mark as handled
messages-open = Put back
messages-wipe = Erase for good
messages-of-portal = About the website as a whole
messages-at = Watch from { $moment }
messages-answer-to = Can be reached at:
messages-no-answer = Wants no answer, or left nothing to answer to.
messages-handled-by = Handled by { $name } on { $when }
done-messages-handled = Handled.
done-messages-open = Put back to what is still to be handled.
done-messages-wiped = Erased for good.
done-messages-none = Tick a message first.
links-lead = This was handed out, the newest first. Choose a name to see, copy or withdraw the addresses.
links-none = No link was handed out yet.
links-where = You make a link with a recording or a series, under Links. For a newsletter you make them there under Share, all at once and with one name.
links-to-recordings = Choose a recording
links-to-series = Choose a series
links-all = All links
links-count = { $count } links
links-ended =
    { $count ->
        [one] one no longer works
       *[other] { $count } no longer work
    }
links-others =
    { $count ->
        [one] and one more series
       *[other] and { $count } more series
    }
links-withdraw = Withdraw these { $count }
links-withdraw-sure = Whoever has one of these addresses can no longer open it after that. This cannot be undone.
links-title = Links to hand out
links-text = Each link has a name, so that you know later to whom you gave it. You withdraw them one by one.
link-hint-draft = This recording is a draft. First choose under Who may see it that it can be seen with a link.
link-hint-withdrawn = This recording was withdrawn. A link does not show it.
link-name = For whom or what
link-name-hint = For example: team meeting May
link-until = Works up to and including
link-add = Make a link
link-address = Address of the link
link-withdraw = Withdraw
link-given = made on { $when }
link-withdrawn = withdrawn on { $when }
link-expired = expired on { $when }
link-expires = works until { $when }
link-over-title = This link no longer works
link-over = The link has expired or was withdrawn. Ask the person who gave it to you for a new one.
done-link = The link was made.
done-link-withdrawn = The link no longer works.
done-links-withdrawn = The links no longer work.
done-links-none = Nothing was withdrawn: choose a link first.
erase-link = Remove for good
erase-title = Remove for good
erase-sure = You remove { $title } for good. Nobody can undo that. These files go:
erase-also = The pictures, captions, chapters, search results and what the log says about it go as well. The address says for ever that the recording is gone.
erase-backups = Backups of this server still hold the recording until they have been replaced. Ask whoever runs the server how long that takes. Whoever downloaded the file before still has it.
erase-understood = I understand that this cannot be undone
erase-button = Remove for good
erase-not-sure = First tick that you understand.
erase-not-trashed = Only what is in the trash can be removed for good.
done-erased = The recording was removed for good.
done-erased-purging = The recording was removed, and nobody can reach it any more. The portal clears the last traces from its database by itself, as soon as there is enough room on the disk and no other program uses the database.
cues-title = Captions: { $language }
cues-edit = edit line by line
cues-help = Each line has a start, an end and a text. Empty the text to take a line away. There is room for new lines at the bottom; they find their place by themselves.
cues-long = These captions are too long to edit line by line here. Replace them with a file.
cues-many = These captions have more than { $most } lines. Replace them with a file.
cue-start = Start of line { $number }
cue-end = End of line { $number }
cue-text = Text of line { $number }
cue-time = Line { $line }: fill in start and end, as 12, 1:05 or 0:12.5.
cue-start-short = Start
cue-end-short = End
cue-text-short = What is said
cue-no-text = Line { $line }: there is no text with these times. Type the text, or empty the times as well.
cue-beyond = Line { $line }: these times are after the end of the recording ({ $length }).
cue-player = The recording
cue-here = Starts here
cue-back = 5 seconds back
cue-begins = Line { $line } starts at { $time }.
cue-ends = Line { $line } ends at { $time }. The next one starts there.
cue-not-yet = Line { $line } has no end yet: play on until it has been said, or type the end.
cue-keys = While typing: Enter ends a new line where the player is and starts the next one, Shift and Enter makes two lines below each other, Esc plays or pauses, F2 goes back 5 seconds, F4 lets the line start here.
cues-help-new = There are no captions in this language yet. Type below what is said; each line has a start, an end and a text.
cues-help-times = Write times as 12, 1:05 or 0:12.5.
cues-none = There is no line with text yet. Type at least one.
cues-more = Save and type on
cues-full = At most { $most } lines fit here, and not too much text together. Take away what is too much. Add longer captions as a file.
cues-no-player = The recording cannot be played here now. You can still type the lines with their times.
cues-no-file = This recording has no file yet that can be played.
cues-by-another = Someone else has changed these captions in the meantime. Nothing of yours has been saved yet. Below is what you typed. Save once more to keep that instead of what is there now.
cues-begun-by-another = Someone else has added captions in this language in the meantime. They were not replaced, and nothing of yours has been saved yet. Below are those lines, and under them what you typed. Empty what is there twice and save once more.
corrections-title = Corrections from visitors
corrections-help = Visitors reported a mistake in these lines. A correction that you accept is in the captions at once.
corrections-waiting =
    { $count ->
        [one] 1 proposal of a visitor
       *[other] { $count } proposals of visitors
    }
corrections-more = { $count } more are waiting. They come here once you have handled these.
correction-of-line = Line { $number }
correction-line-gone = This line is no longer there
correction-there = Proposed by a visitor
correction-changed = This line was changed after the visitor read it. See whether the proposal is still right.
correction-was = The visitor read this
correction-now = It now says this
correction-proposed = Proposal
correction-accept = Accept
correction-accept-all-the-same = Accept all the same
correction-leave = Leave as it is
correction-to-line = See the proposal beside the line
done-correction-accepted = The correction was accepted.
done-correction-left = The line stays as it is.
done-correction-changed = This line has been changed since. Nothing was accepted yet. See below what it says now.
done-correction-gone = This proposal was already handled.
embed-unlock = Watch it at
unlock-title = A password is needed here
unlock-text = You were given it by whoever sent you here.
unlock-ask = Do you have a question, or are you in the picture yourself?
unlock-button = Go on
unlock-wrong = This password is not right.
unlock-short = Choose a password of at least { $least } characters.
lock-title = Password for the whole series
lock-off = There is no password. With one the series is in no list and every page asks for it.
lock-on = There is a password. A new one shuts out everyone who used the old one.
lock-password = New password
lock-set = Set it
lock-remove = Take the password away
link-password = Password (may be empty)
link-locked = with a password
tab-text = Details
tab-files = Files
visibility-links = Want to know who you gave it to? Hand out a link with a name:
field-emptied = This field is empty now.
changed-to-on = This is on now.
changed-to-off = This is off now.
poster-frame-label = Recording to choose a frame from
poster-frame-none = Play a bit of the recording first. Then there is a frame to use.
series-links = Links and password
series-all-sure =
    { $count ->
        [0] Nothing changes. All recordings are set like this already: { $what }.
        [one] For one recording it changes who may see it. That will be: { $what }.
       *[other] For { $count } recordings it changes who may see them. That will be: { $what }.
    }
hand-on-link = Hand recordings on
hand-on-title = Hand recordings on
hand-on-text =
    { $count ->
        [0] { $name } looks after no recording, so there is nothing to hand over.
        [one] { $name } looks after one recording. Who takes over?
       *[other] { $name } looks after { $count } recordings. Who takes over?
    }
hand-on-to = Who looks after them from now on
hand-on-button = Hand on
done-handed-on = The recordings were handed on.
people-keeps =
    { $count ->
        [one] looks after one recording
       *[other] looks after { $count } recordings
    }
recording-keeper = Who looks after this recording
recording-keeper-help = Only coordinators see this.
recording-keeper-nobody = Nobody in particular
problems-title = What needs attention
problems-none = Nothing needs your attention now.
problems-files = Files we cannot use
problems-files-text = Replace the file or take it away. We look again as soon as it changes.
problems-jobs = Work that failed
problems-again = Try again
problem-caption = These captions cannot be read. Add them to the recording again to see which line is wrong.
problem-media = This is no recording we can read. Convert the file to MP4 again.
problem-picture = This picture cannot be read. Choose another one for the recording.
problem-file = This file cannot be read.
problem-portal = This holds what the association says of itself, and something is wrong with it. What could be read counts; what could not be read stays as it was last.
problem-no-file = This is a link or something else that is no file of its own, so we do not use it. Put the file itself in this place.
problem-no-folder = A folder belongs in this place, but this is a link, a file or something else that is no folder of its own, so we do not use it. Put the folder itself in this place.
problem-password = A password was stored here in a way that we cannot work with. Set the password of the series or the link anew; until then nobody gets in with it.
problem-step = Part of the processing of this recording did not work. Try again, or ask whoever keeps the website running.
problem-poster-step = We could not make smaller versions of the picture. Choose another picture for the recording.
problem-hash-step = The file could not be read to its end. The disk may be damaged.
done-again = We are trying again.
attention-timing =
    { $count ->
        [one] The file of one recording was replaced: do captions and chapters still fit?
       *[other] The files of { $count } recordings were replaced: do captions and chapters still fit?
    }
attention-plays =
    { $count ->
        [one] One recording plays for nobody.
       *[other] { $count } recordings play for nobody.
    }
attention-problems =
    { $count ->
        [one] One file or task wants attention, because something went wrong.
       *[other] { $count } files or tasks want attention, because something went wrong.
    }
list-keeper = Who looks after it
list-any-keeper = Anyone
bulk-move = Move to another series
bulk-series = they move to the series { $title }
bulk-set-keeper = Let someone look after them
bulk-keeper = { $name } looks after them from now on
bulk-will-show = they can be seen by { $what }
bulk-will-trash = they go to the trash
bulk-no-series = Choose a series.
bulk-no-keeper = Choose a colleague.
act-add = added
act-add-hand-out = hand-out added
act-add-feed = address of a feed made
act-add-key = key made
act-administrator = made administrator
act-choose-password = password chosen
act-delete = put in the trash
act-disable = disabled
act-edit = changed
act-edit-together = changed together
act-editor = made editor
act-enable = enabled again
act-end-sign-in = device signed out
act-erase = wiped for good
act-handle-message = messages handled
act-reopen-message = messages put back
act-wipe-message = messages wiped
act-hand-on = recordings handed on
act-end-hand-out = hand-out no longer public
act-hand-out-link = link handed out
act-keep-hand-out = hand-out stays public and is now named in the file beside the recording
act-set-embed-sites = websites for the player chosen
act-invite = invited
act-make-password-link = password link made
act-move = moved
act-name-hand-out = hand-out given a title
act-plan = planned
act-publish = made public
act-remove = removed
act-remove-captions = captions removed
act-remove-hand-out = hand-out removed
act-remove-logo = logo taken away
act-remove-poster = picture removed
act-reorder = order changed
act-replace = file replaced
act-restore = restored
act-revoke-key = key revoked
act-set-captions = captions saved
act-set-keeper = given to someone to look after
act-set-password = password of the series changed
act-set-logo = logo saved
act-set-poster = picture saved
act-set-visibility = changed who may see it
act-sign-in = signed in
act-sign-out-everywhere = signed out everywhere
act-undo = undone
act-withdraw-link = link withdrawn
audit-who-scan = the program (reading the folder)
audit-who-trash = the program (emptying the trash)
audit-who-command-line = the command line
audit-message = Messages from visitors
audit-wiped = A wiped recording
audit-wiped-of-series =
    { $count ->
        [one] a wiped recording
       *[other] { $count } wiped recordings
    }
audit-file = File
audit-no-version = a file that is no longer there
audit-another = another recording
audit-name = Name
audit-start = Begins at
audit-created = Made
audit-withdrawn = Withdrawn
audit-until = Works until
audit-disabled = switched off
audit-secret = (not shown)
audit-yes = yes
audit-no = no
audit-recording = Recording
audit-series = Series
audit-association = About the association
audit-coordinator = Account
trash-days =
    { $count ->
        [one] After one day it is wiped for good.
       *[other] After { $count } days it is wiped for good.
    }
act-set-visibility-of-all = changed who may see everything
tus-version = This website speaks tus 1.0.0.
tus-length = Say with Upload-Length how many bytes the file has, or with Upload-Defer-Length: 1 that this comes later.
tus-defer = Upload-Defer-Length can only be 1.
tus-offset = Say with Upload-Offset where this piece begins.
tus-metadata = Upload-Metadata cannot be read. Write pairs of a name and base64, with commas between.
tus-type = Send a piece as application/offset+octet-stream.
tus-conflict = The upload is somewhere else. Ask with HEAD where.
tus-beyond = This is more than was announced.
tus-checksum = Upload-Checksum cannot be read. Use sha1 or sha256.
tus-concatenation = This file comes in parts that are sent at the same time (parallel uploads, Upload-Concat). That is not possible here: send it as one upload, with parallelUploads set to 1.
tus-extension = This request asks for an extension of tus that does not exist here. Those that do are named by Tus-Extension in the answer to OPTIONS.
tus-coding = Send the bytes of the file as they are, without Content-Encoding.
tus-mismatch = This piece was damaged on its way and does not count. Send it again.
tus-over = A newer request goes on with this upload.
tus-broken = The connection broke. What had arrived is kept.
upload-too-large = This file is too large. At most { $most } fits.
upload-too-many = You have { $now } under way already. Together that may be { $most }. Wait until a file has arrived, or throw an interrupted upload away.
upload-full = There is too little space on the server: { $free } free and { $needed } needed. What had arrived is kept. Ask whoever keeps the server for space.
upload-failed = The server could not store this. What had arrived is kept. Try again in a moment.
upload-arriving = { $left } to go.
upload-arriving-open = Under way.
upload-finishing = Everything is here. We are looking what it is.
upload-done = The recording is ready as a draft.
upload-replaced = The new version is ready at the old address.
upload-not-media = This is no recording. Choose a video or sound file, such as an MP4.
upload-damaged = This recording is damaged: the file contradicts itself. Export it again.
upload-incomplete = This recording is not complete: the file ends too early. Export it again.
upload-known = This recording is here already. Nothing was stored twice.
upload-lost = The file disappeared from the server before it was ready. Send it again.
act-upload = uploaded
act-replace-file = file replaced by a new version
versions-title = The file
versions-now = What is there now:
versions-replace = Replace the file
versions-help = All links, captions and the picture stay. We keep the old file for you.
versions-earlier = Earlier versions
versions-replaced-at = replaced on { $when }
versions-back = Put this one back
versions-remove = Remove for good
versions-beyond =
    { $count ->
        [one] One chapter or line lies after the end of this file. It is kept.
       *[other] { $count } chapters and lines lie after the end of this file. They are kept.
    }
timing-title = Do captions and chapters still fit?
timing-lengths = The file was replaced by one of another length: { $before } before, { $now } now.
timing-length-unknown = The file was replaced by one of another length.
timing-unchecked = Captions and chapters are still those of the previous file.
timing-unchecked-text = Captions and chapters are still those of the previous file. What begins after the end of the new file is already hidden from visitors. What was cut out before that, they can still read. If they may not, hide everything.
timing-hidden = Captions and chapters are hidden.
timing-hidden-text = Visitors see no captions and no chapters now.
timing-fits = All fits
timing-keep = All fits: leave it as it is
timing-hide = Hide them until somebody has looked
timing-shift-title = Or move everything
timing-shift-text = Choose a line or chapter that you hear in the new file, and fill in where it begins now. All languages, all chapters and the times in the description move with it. What then falls before the beginning or after the end is erased for good.
timing-line = Line
timing-at = Begins now at
timing-at-help = For example 12, 0:12.5 or 1:02:03.
timing-at-odd = Fill in where the line begins, for example 0:12.
timing-nothing-left = Then nothing of the captions is left. See whether the time is right, and whether you chose the right line.
timing-lines-left = Then nothing is left of the chapters in the description. See whether the time is right, and whether you chose the right line.
timing-here = It begins here
timing-shift = Move
timing-notice = The file was replaced by one of another length. See whether captions and chapters still fit.
done-timing = Your choice was saved.
act-keep-timing = times of captions and chapters approved
act-hide-timing = captions and chapters hidden
act-shift-timing = captions and chapters moved
problems-times = Captions and chapters of a previous file
problems-plays = Recordings that play for nobody
version-name-taken = There is another file called “{ $file }”. Give that one another name first.
done-version-back = This version is back. The other one is kept.
act-remove-version = version removed for good
desk-upload = Upload
upload-page = Upload recordings
upload-lead = Choose one or more recordings. They are drafts afterwards, so that nobody sees them before you want it.
upload-replace-title = Replace the file of { $title }
upload-replace-lead = Choose the new file. The old one is shown until it is here.
upload-series-help = Without a series the recording goes to the inbox.
upload-no-series = No series yet
upload-title-help = May be left empty: then we make a title of the name of the file.
upload-file = Recording
upload-file-help = A video or sound file, preferably MP4.
upload-send = Upload
upload-list = Your uploads
upload-none = You have not uploaded anything yet.
upload-again = Choose the file again to go on. You can until { $when }.
upload-again-elsewhere = Go on with the program you began with. You can until { $when }.
upload-give-up = Throw away
upload-forget = Take from the list
upload-open = Go to the recording
upload-drop = Drop your recordings or a folder here
upload-choose = Choose files
upload-choose-folder = Choose a folder
upload-waiting = Waits for the one before.
upload-sending = { $done } of { $size }, { $speed } per second, { $left } to go
upload-paused = Paused at { $done } of { $size }.
upload-pause = Pause
upload-go-on = Go on
upload-still = { $done } of { $size }, nothing moves just now
upload-lost-connection = The connection is gone. We go on by ourselves as soon as we can.
upload-in-between = Sending falters on the way (answer { $status }). Nothing is lost, and we try again by ourselves.
upload-proxy-limit = A proxy between your browser and this portal does not even let pieces of 256 kB through (answer 413). Ask whoever keeps the server to raise that limit: in nginx the setting is called client_max_body_size.
upload-changed = The file was changed or moved since you chose it. Choose it again, and the upload begins anew.
upload-anew = { $name } begins anew. A part of a file with that name is here already, but that is another file or was meant for something else.
upload-not-saved = The title, the number or the series of { $name } was not saved. Try again in a moment.
upload-signed-out = You are no longer signed in. Sign in in another tab, then we go on here by ourselves.
upload-retry = Try again
upload-all = Together { $percent }%: { $done } of { $size }, { $left } to go
upload-at = { $name }: { $percent }%
upload-skipped = { $name } is no recording and was passed over.
upload-beside-added = { $name } belongs to it and was added.
upload-beside-failed = { $name } was not added.
upload-whole = { $name } has arrived.
upload-unknown-series = There is no series of that name. Choose another one, or leave the field empty.
upload-no-space = There is too little space on the server. Ask whoever keeps the server for space, then send the file again.
upload-broke-off = The connection broke, and without JavaScript we cannot go on where it stopped. Send the file again.
done-uploaded = The file has arrived. Below you see what became of it.
publish-heading = Ready for visitors?
publish-title = The title
publish-date = The date of the session
publish-captions = The captions
publish-plays = A file that plays for everyone
publish-there = there
publish-missing = is still missing
publish-first = Add this first. To do it earlier, choose who sees it under Who may see it.
publish-now = Make public
publish-saves = What you changed below is saved with it.
plays-nowhere = Note: this plays for nobody. { $why }
plays-partly = Note: this does not play for everyone. { $why }
broken-off-help = If you still have the whole file, replace this one by it.
plays-soon = The portal is making a file of it that plays everywhere.
plays-count =
    { $count ->
        [one] One of these recordings does not play for everyone.
       *[other] { $count } of these recordings do not play for everyone.
    }
published-heading = Everyone can see it now
published-link = The link to share
published-share = Make a block for a newsletter or a website of it

# A change that has to wait
series-busy = Someone else is changing something in this series right now. Your change has not been saved yet; please try again in a few seconds.
save-disk-full = The disk of the server is full. What you did was not saved. Ask whoever keeps the server for space, then try again.
save-not-noted = Your change stands in the media folder but does not show yet: the disk with the data of the portal is full. It appears by itself once there is space. Ask whoever keeps the server for space.
save-partly = Of { $all } changes { $done } were made; the others were not. Look in the list what is left, and ask whoever keeps the server whether there is enough space.
save-changed-by-hand = Someone has just changed this file by hand. What you did has not been saved yet. Please try again.
try-again-title = Not saved yet
try-again-kept = What you filled in is ready below. Nothing is lost.
try-again = Try again

# The licence
licence-help = What others may do with this recording. A Creative Commons licence cannot be taken back: whoever has the recording by then may go on using it.
series-licence-help = For all recordings of this series that have no licence of their own. A Creative Commons licence cannot be taken back: whoever has a recording by then may go on using it.
licence-as-series = as the series
licence-as-portal = as the setting of the site
bulk-set-licence = Give the licence
bulk-licence = the licence becomes { $what }
licence-for-ever = A Creative Commons licence cannot be taken back: whoever has a recording by then may go on using it, also when you choose another later. Make sure that everyone who is seen or heard agrees.
series-typed = The title of the series, or the name in its address.
colleague-typed = The mail address of your colleague.
problems-more = There are more. They appear here once you have solved some of this list.
attention-index = Search is not complete yet: { $count ->
    [one] one recording is
   *[other] { $count } recordings are
} still being read. This happens by itself.
frame-legend = A frame of the recording
frame-alt = Frame at { $moment }
frame-in-use = in use
frame-first = our proposal
frame-choose = Choose this frame
frame-by-itself = This picture was chosen from the recording by itself. Does another frame fit better? Choose it here. What you choose yourself stays, also when you replace the file.
frame-proposed = This recording has no picture yet. Choose a frame. Can somebody be recognised in it? Ask them first: everybody who can open the recording sees the picture.
frame-declined = This recording gets no picture by itself. You can always choose one.
frame-instead = You can replace the picture by one of these frames.
frame-none-of-them = None of these frames
frame-unchosen = Choose one of the frames first.
frame-gone = These frames were renewed meanwhile, because the file was replaced. Choose again.
problem-picture-step = We could not find a frame for a picture in this recording. Choose a picture for it yourself.
desk-queue = Processing
queue-lead = From every recording we make files that play for everybody, also on a phone with a weak connection. You do not have to wait for it.
queue-reload = This page shows how things are now.
queue-reload-link = Look again
queue-running = Under way
queue-running-none = Nothing is under way now.
queue-coming = Next
queue-ended = Stopped or failed
queue-rest = And { $count } more.
queue-percent = { $percent }%
queue-left = about { $length } left
queue-stop = Stop
queue-again = Try again
queue-waits = Waits for its turn.
queue-waits-until = Goes on at { $when }.
queue-waits-paused = Waits, because the earlier recordings are on hold.
queue-stopped-by = Stopped by { $who }.
queue-is-done = Done: { $step }, { $title }.
queue-is-over = Stopped or failed: { $step }, { $title }.
queue-backlog = Earlier recordings
queue-backlog-count =
    { $count ->
        [one] One recording was there already and has not been fully processed yet.
       *[other] { $count } recordings were there already and have not been fully processed yet.
    }
queue-backlog-runs = They take their turn when there is nothing new.
queue-backlog-paused = They are on hold until you let them go on. What is new goes on as usual.
queue-backlog-estimate = As an estimate this takes { $length } of computing and { $size } of space. On a slow computer it takes longer.
queue-backlog-unknown =
    { $count ->
        [one] Of one recording we do not know the length yet; it is not counted.
       *[other] Of { $count } recordings we do not know the length yet; they are not counted.
    }
queue-backlog-pause = Let them wait
queue-backlog-start = Let them go on
queue-tools-missing = The program ffmpeg is not installed on the computer where the website runs (in Debian the package is called ffmpeg).
queue-tools-off = The program ffmpeg is switched off in the settings.
queue-tools-would = With ffmpeg we make of every recording what plays for everybody, and small versions for weak connections. Without it we offer recordings as they are.
step-inspect = Looking what is in the file
step-poster = Making smaller versions of the picture
step-full = Making it play in every browser
step-small = Making a small version and the sound alone
step-medium = Making a version of 720 pixels
step-hash = Checking that the file is whole
step-captions = Taking captions and chapters out of the file
step-picture = Looking for frames for a picture
step-other = Processing
problem-inspect-step = We could not see what is in this file. Perhaps not all of it arrived: play it yourself, and upload it again if needed.
problem-captions-step = We could not take out the captions or chapters that are in this file. You can add them to the recording yourself.
problem-full-step = We could not make anything of this file that plays for everybody. Play it yourself; if that fails, upload it again or convert it to MP4 first.
problem-small-step = The small version and the sound alone could not be made. What was there already goes on playing.
problem-medium-step = The version of 720 pixels could not be made. What was there already goes on playing.
done-job-stopped = It has been stopped.
done-job-over = That has just been done, or a colleague was first.
done-backlog-paused = The earlier recordings wait.
done-backlog-started = The earlier recordings take their turn again.
done-made-again = We are making everything again.
made-title = What was made of it
made-none = Nothing has been made of this recording yet.
made-full = For every browser
made-720p = Medium
made-360p = Small, for a weak connection
made-sound = The sound alone
made-opus = The sound alone, small
made-again = Make again
made-again-help = Does one of these files not look or sound right? Then make them again. Until the new ones are ready, visitors get those of now.
made-no-tools = Without ffmpeg we cannot make anything again.
act-stop-job = processing stopped
act-retry-job = processing tried again
act-pause-backlog = earlier recordings put on hold
act-start-backlog = earlier recordings allowed to go on
act-make-again = asked for what was made of it to be made again
association-title = About the association
association-text = How the website names and shows your association. What you save counts at once.
association-name = Name
association-name-help = At the top of every page and with everything that is shared. Empty: Terugkijken.
association-contact = Email address for questions
association-contact-help = Visitors who are in a recording or have a question can write to it. Empty: they can only use the message form.
association-accent = Colour
association-accent-help = Of links and buttons. A hash sign with six digits or letters from a to f, such as #0f5e63. Empty: the colour of the program.
association-accent-odd = This is not a colour. Type a hash sign with six digits or letters from a to f, such as #0f5e63.
association-accent-now = Now: { $colour }.
association-accent-adjusted = It is hard to read on a light page. For text we use { $colour } there.
association-footer = Line at the bottom of every page
association-footer-help = For instance the full name and the town of the association. Empty: the name above.
association-logo = Logo
association-logo-none = There is no logo. The name is at the top of every page.
association-logo-file = A picture (SVG, PNG, JPEG or WebP), 2 MB at most
association-logo-set = Use this logo
association-logo-remove = Take the logo away
association-logo-fixed = File
association-logo-odd = This is not a picture we can use. Choose an SVG, PNG, JPEG or WebP.
association-logo-large = This picture is too large. Save it smaller, at most 2 MB and 3000 pixels wide and high, and choose it again.
association-logo-active = There is more than a drawing in this SVG file, such as a script. Save it as a plain SVG or as a PNG, and choose it again.
association-fixed-variable = This is fixed in the variable { $variable } of the server. Ask whoever runs the server to change it.
association-fixed-file = This is fixed under { $setting } in the settings file of the server (terugkijken.toml). Ask whoever runs the server to change it.
association-broken = The file portal.toml in the media folder cannot be read: { $why } Ask whoever runs the server to mend it.
association-unreadable = The file portal.toml in the media folder cannot be read. What it said last still counts. Until somebody mends it we cannot save anything here.
done-logo = Saved. The logo is now on every page.
done-logo-removed = Saved. The name is now at the top of every page.
