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
