## Called from elsewhere: as a guest in a chat of others, or by an inline query

inline-painting = On it…
inline-painting-wish = On it: { $wish }
inline-paint = Paint: { $wish }
inline-paint-about = The picture takes the place of this message.
inline-soon = I am still at work. The picture appears there by itself.
inline-not-yours = This button is for the person who called me. You can call me, too: write my name and a wish.
inline-help = Write after my name what you want, such as “a lighthouse at dusk”. Or reply to a photo, write my name, and say what to change.
inline-only-wishes = Here I only make pictures. For everything else, open a chat with me.
inline-not-served = I do not make pictures for everybody, and you are not on my list. Ask the person who runs me.
inline-not-yourself = Please call me under your own name: for anonymous admins and channels I can’t paint here.
inline-one = Here I make one version. For several, go on in private.
inline-no-chat = The picture is ready. Before I can show it here, you have to open a chat with me once: tap the first button, then Start.
inline-lost = I do not have what this was made from any more. Call me once more, in reply to the same message.
inline-unheard = I did not learn what to paint. Write my name and your wish in a message of its own instead.
inline-forgotten = You had everything of yours deleted, so no picture comes here.
button-inline-ready = Is it ready?
button-inline-private = Go on in private
button-inline-open = Open a chat with me
button-inline-show-here = Show it here
went-on = Here we go on.
went-on-named = Here we go on with “{ $wish }”.
went-on-words = Here we go on.
went-on-said = Here we go on.
