# Sentences for failed turns. The keys are those of the classes in bot/providers/errors.py.

cannot-edit = { $model } paints from words only and cannot change a picture. Choose another model, then send your wish again.
too-many-pictures = { $model } takes at most { $limit ->
    [one] one picture
   *[other] { $limit } pictures
} at once, and this turn has { $count }. Send fewer, or choose another model.
ratio-unsupported = { $model } cannot make the shape { $wanted }. It offers: { $known }. Change the shape in /settings, or choose another model.
size-unsupported = { $model } cannot make the size { $wanted }. It offers: { $known }. Change the size in /settings, or choose another model.
picture-type-unsupported = { $model } does not read { $type } files. Send the picture as JPEG or PNG.
words-missing = Please say in words what the picture should become.

refused-prompt = The request was blocked before anything was drawn. Change the words or the pictures.
refused-prompt-explained = The request was blocked before anything was drawn. Change the words or the pictures. The provider says: { $explanation }
refused-picture-prompt = The image safety filter blocked the request: its words or an attached picture. Change either.
refused-picture-prompt-explained = The image safety filter blocked the request: its words or an attached picture. Change either. The provider says: { $explanation }
refused-safety = The safety filter stopped this answer. Rephrase the request.
refused-safety-explained = The safety filter stopped this answer ({ $explanation }). Rephrase the request.
refused-picture = The picture was made, but the safety filter held it back. Try once more, or rephrase the request.
refused-picture-explained = The picture was made, but the safety filter held it back. Try once more, or rephrase the request. The provider says: { $explanation }
refused-prohibited = The provider refused this picture because of its content rules. Ask for something else.
refused-prohibited-explained = The provider refused this picture because of its content rules. Its explanation: { $explanation }
refused-recitation = The result came out too close to an existing work. Ask for something more original.
refused-recitation-explained = The result came out too close to an existing work. Ask for something more original. The provider says: { $explanation }
refused-language = The model does not work in this language. Try the same wish in English.
refused-language-explained = The model does not work in this language. Try the same wish in English. The provider says: { $explanation }
refused-privacy = The request seems to contain personal data, which the provider does not process. Leave it out and try again.
refused-privacy-explained = The request seems to contain personal data, which the provider does not process. Leave it out and try again. The provider says: { $explanation }
refused-moderation = The request was refused by moderation. Rephrase it.
refused-moderation-explained = The request was refused by moderation ({ $explanation }). Rephrase it.
refused-other = The provider refused this request and gave no reason. Try again, or rephrase it.
refused-other-explained = The provider refused this request. Its explanation: { $explanation }

nothing-returned = The model returned nothing. I tried again once; please rephrase if it keeps happening.
nothing-drawn = The model did not draw anything for this request. Say plainly what the picture should show.
could-not-draw = The provider could not make this picture. I tried again once; please rephrase, or try later.
could-not-draw-explained = The provider could not make this picture. Its explanation: { $explanation }
cut-short = The answer was cut off before a picture appeared. Shorten the request, or start a new conversation.
malformed-answer = The model garbled its answer, twice. Please rephrase the request, or try later.
unknown-finish = The model stopped without a picture, for the reason “{ $reason }”. Please rephrase, or try again.
unknown-finish-explained = The model stopped without a picture, for the reason “{ $reason }”. Its explanation: { $explanation }

signature-missing = The saved conversation could not be continued as it is. Start a new one, or reply to the picture that you want to change.

rejected = The provider rejected the request. Another model may take it.
rejected-explained = The provider rejected the request: { $explanation }
unknown-field = The provider does not know one of the settings ({ $field }). Change it in /settings, or choose another model.
one-picture-only = This model makes one picture per request. Ask for one, or use Again for more.
picture-unusable = The provider cannot process one of the pictures. Send it again as JPEG or PNG, or leave it out.
picture-unreadable = A picture of this conversation can no longer be read here. Start a new conversation and send the picture again.
wrong-address = This bot is not connected to the provider correctly.

key-invalid = The API key of this bot is not valid.
key-disabled = The API key of this bot was switched off by the provider.
account-restricted = The provider has restricted this bot’s account.
not-permitted = The API key of this bot may not use this model.
not-permitted-explained = The API key of this bot may not use this model. The provider says: { $explanation }
region-blocked = The provider does not serve the place where this bot runs.
balance-empty = The balance of this bot at the provider is used up.
model-unavailable = The model { $model } is no longer offered. Choose another with /model.

rate-limited = Too many requests at the moment. Please try again in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}.
daily-quota = The daily quota for this model is used up. It resets at midnight Pacific time; another model may work now.
no-paid-access = This bot’s key has no paid access to this model. Another model may work.
model-overloaded = The model is overloaded. I tried several times; please try again in a few minutes, or choose another model.
queue-full = Many people are waiting for this bot right now. Please try again in a few minutes.
internal-error = The provider had an internal error each time I tried. Please try again later, or choose another model.
gateway-error = The provider is unreachable at the moment. Please try again in a few minutes.
no-channel = The relay has no free channel for this model. Please try again later, or choose another model.
connection-failed = I could not connect to the provider. Please try again in a few minutes.
upload-failed = The picture could not be uploaded to the provider, so nothing was painted. Please try again in a few minutes.
upload-failed-explained = The picture could not be uploaded to the provider, so nothing was painted. Its explanation: { $explanation }

deadline-passed = The provider took too long, twice. Please try again, perhaps with a simpler wish.
cancelled-upstream = The request was cut off at the provider, twice. Please try again.
cut-off = No answer came in time. It may have been paid for already, so I did not repeat it by myself. Try again?
answer-lost = The connection to the provider was cut before the answer arrived. The answer may have been paid for already, so I did not repeat it by myself. Try again?

empty-body = The provider sent an empty answer, twice. Please try again later.
damaged-body = The answer arrived damaged, twice. Please try again.
damaged-picture = The provider sent a damaged picture, twice. Please try again.
answer-not-a-picture = The provider sent something that is not a picture, twice. Please try again.
connection-lost = The connection to the provider broke, twice. Please try again.
link-failed = The picture was made, but I could not fetch it from the provider. Please try again.
link-refused = The picture was made, but it is at an address that this bot does not open.

request-too-large = This conversation has too many pictures, or they are too large. Send fewer, or start a new conversation.
prompt-too-long = These are more words than the provider takes at once. Please say it in fewer.
answer-too-large = The picture is too large to handle here (over { $limit } MB). Choose a smaller size.
picture-too-large = The picture has more pixels than this bot can handle. Choose a smaller size.

# What the bot changed by itself before it got the answer.
remedy-degrade-history = The saved conversation could not be continued as it was; I went on from the last picture only.
remedy-trim-history = That was more than the provider takes at once, so I sent the oldest steps in words only.
remedy-without-field = The provider does not know one of the settings; I tried without it.
remedy-with-text = The model had drawn nothing, so I let it answer in words, too.

# Shown and counted down while an attempt waits to be repeated.
waiting-rate-limited = Too many requests; I will try again in { $seconds } s.
waiting-overloaded = The model is overloaded; I will try again in { $seconds } s.
waiting-trouble = The provider had a problem; I will try again in { $seconds } s.
