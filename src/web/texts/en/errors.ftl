error-home = To all series
error-successor = Watch the new recording
error-reason = The person who looks after this recording adds:
error-contact = Does it keep going wrong? Let us know at
error-changed-title = We cannot show this right now
error-changed = This file was replaced a moment ago, or its disk cannot be reached. We are looking again. Please try again in a few seconds.
media-folder-gone = The folder with the recordings cannot be found, or another folder has taken its place. Perhaps its disk is not connected. Nothing was changed. Ask whoever runs the server to connect it.
error-400-title = We do not understand this request
error-400-text = Something is wrong with the address or with what was sent. Go back one step and try again.
error-404-title = There is no such page
error-404-text = The address may not have come across whole. Search below, or browse the series.
error-404-short = There is nothing at this address.
error-405-title = That is not possible here
error-405-text = This address is for reading only. Nothing was changed.
error-410-title = This was taken away
error-410-text = Your address is right, but what was here can no longer be seen.
error-500-title = Something went wrong on our side
error-500-text = You did nothing wrong and nothing is lost. Please try again in a minute.
error-503-title = It is a little too busy here
error-503-text = Nothing is lost. Please try again in a few seconds.
error-401-title = You have to be signed in for this
error-401-text = Sign in and try again.
error-403-title = You are not allowed to do this
error-403-text = Only an administrator who is signed in can do this. Nothing was changed.
form-from-elsewhere = This form came from another website, or from another address than { $address }. Nothing was changed. Open the page at { $address } and try again there.
error-413-title = This is too large
error-413-text = What you sent is larger than fits here. Nothing was changed.
error-429-title = Just a moment
error-429-text = There were too many tries. Wait a little and try again.
error-429-minutes =
    { $minutes ->
        [one] There were too many tries to sign in. Try again in a minute.
       *[other] There were too many tries to sign in. Try again in { $minutes } minutes.
    }
