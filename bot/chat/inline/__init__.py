"""Wishes from chats where the bot is no member: guest mode and inline mode.

Since Bot API 10.0 a bot with guest mode may be called by its @name in any chat (core.telegram.org/bots/features,
"Guest Bots"). It gets that message and the one that it replies to, nothing else, and answers once with a message that
it can change afterwards. In inline mode a person types behind the @name and chooses what is offered; that becomes such
an inline message, too. The rest is the same for both:

1. **Its conversation is the caller's own.** The key is the caller and, as a topic below zero, the place: a foreign
   chat, or one inline message where the chat is unknown (``updates.calling``). So the caller's limits and waiting
   wishes count, ``/forget`` finds it with the person, and neither history nor settings of others come near it.
2. **A placeholder at once** (``receive.placing``). As soon as the update is stored, and without waiting for its
   conversation, the guest query is answered. The id of the inline message is stored with the update, before the wish
   begins. A query that is too old is dropped. If the process dies between Telegram's answer and the store, the id is
   lost: the wish goes on, and a press of the placeholder's button brings the id back.
3. **The same turn** (``wishes``). The update becomes a turn by ``Turns.take``, in the first pass. The turn's options
   name the inline message. The second pass runs it like any other.
4. **Another end** (``answers``). The picture goes to the caller's private chat, else to ``STAGING_CHAT``, only so that
   Telegram has it; its file_id replaces the placeholder; then that message is deleted. Each step may be repeated, so a
   turn that a process left in the middle is simply delivered again. With neither chat, words and two buttons stand
   there: open a chat, show it here. Failures end in words in the same place.
5. **What strangers lent is given back** before the answer is shown: their pictures leave the turn, the database and the
   disk (``storage.inline.lent``), and so do their words. The answer is the caller's. Again fetches the pictures anew,
   by the names that Telegram has for them; these names go after a day, or when a stranger asks to be forgotten. Who
   goes on in private keeps them: the turn is copied into the private chat with its pictures (``going_on``).

A wish that brings a picture, or replies to one that is not an answer of this conversation, begins anew. Words alone go
on from the last answer, and so does a reply to an answer.
"""
