# What can be chosen and done with a picture: moves, versions, shapes, models.

moved-by = { $name }: { $said }
button-redo = ↪ Redo
wish-like-this = Another picture like this one, with small differences

help-all = All commands
button-done = Done
nothing-to-film = One picture so far: a timelapse needs two.
compared-numbers = Number { $first } and number { $second }.
drop-which = Which name? /saved lists them.

## Models

strength-quick = quick, for everyday edits
strength-versatile = good for most things
strength-best = best for detail and text
strength-cheap = cheapest, for first tries
model-price = about ${ $dollars }
one-size = { $model } makes pictures in one size. These models have several:
choose-nearest = { $model } does not make { $value }, so nothing has changed. Nearest is { $nearest }.

# A picture in which only the change is new; where the model's own is shown instead.
note-kept = 🔒 Everything else kept from your photo.
note-kept-picture = 🔒 Everything else is as it was.
note-kept-some = 🔒 Everything else is as it was in number { $numbers }.
note-crop-left = I let the model paint only the surroundings of your mark, and they do not fit back into your picture. This is what it painted. Again sends it the whole picture.
note-mark-left = The model painted more than the marked place anew, and I could not take the place alone from it.
button-painted = 🖌 What the model painted
button-only = 🔒 Only the change
painted-here = This is what the model painted. We go on from this one.
painted-there = This is what the model painted. Reply to it to go on from here.
only-here = Only the change, and everything else as it was. We go on from this one.
only-there = Only the change, and everything else as it was. Reply to it to go on from here.
only-nothing = I could not take the change alone: it is not in one place, or the picture before it is gone.
only-later = That took too long, because much is going on. Please press the button again in a minute.
file-reduced = The lossless picture has { $megabytes } MB, and Telegram takes at most 50 MB from a bot. This JPEG of { $width } × { $height } pixels is the best that fits.
setting-keep = Keep the rest: { $value }
setting-offered = by a button
setting-never = never
choose-keep = Models repaint the whole picture. When only one place changed, should I keep the rest of your picture as it was? Automatic: wherever it is sure, as with a place that you marked; otherwise a button offers it.
compared-outlined = The line goes around what is different.

## The page of an export.

page-title = A conversation in pictures
page-part = Part { $number } of { $parts }, steps { $first } to { $last }
page-began = a beginning
page-from = from { $number }
page-from-part = from { $number }, in part { $part }
page-lost =
    { $count ->
        [one] One of its pictures is lost.
       *[other] { $count } of its pictures are lost.
    }
page-elsewhere =
    { $count ->
        [one] One of its pictures is in another part.
       *[other] { $count } of its pictures are in another part.
    }
