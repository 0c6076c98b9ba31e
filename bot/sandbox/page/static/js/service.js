/* The words of service messages: who created, joined, left, renamed, closed. Imports format and the store. */

import {name} from './format.js';
import {personById, state} from './store.js';

const who = (user) => (user?.id === state.me?.id ? 'You' : name(personById(user?.id) ?? user));
const list = (users) => users.map(who).join(', ').replace(/, ([^,]*)$/, ' and $1');

const WORDS = [
  ['group_chat_created', (m) => `${who(m.from)} created the group`],
  ['supergroup_chat_created', (m) => `${who(m.from)} created the group`],
  ['new_chat_members', (m) => (m.new_chat_members.length === 1 && m.new_chat_members[0].id === m.from?.id ? `${who(m.from)} joined the group` : `${who(m.from)} added ${list(m.new_chat_members)}`)],
  ['left_chat_member', (m) => (m.left_chat_member.id === m.from?.id ? `${who(m.from)} left the group` : `${who(m.from)} removed ${who(m.left_chat_member)}`)],
  ['new_chat_title', (m) => `${who(m.from)} renamed the group to “${m.new_chat_title}”`],
  ['new_chat_photo', (m) => `${who(m.from)} changed the group's picture`],
  ['delete_chat_photo', (m) => `${who(m.from)} removed the group's picture`],
  ['migrate_to_chat_id', () => 'The group became a supergroup'],
  ['migrate_from_chat_id', () => 'This supergroup continues the group'],
  ['forum_topic_created', (m) => `${who(m.from)} opened the topic “${m.forum_topic_created.name}”`],
  ['forum_topic_edited', (m) => `${who(m.from)} changed the topic`],
  ['forum_topic_closed', (m) => `${who(m.from)} closed the topic`],
  ['forum_topic_reopened', (m) => `${who(m.from)} opened the topic again`],
  ['general_forum_topic_hidden', (m) => `${who(m.from)} hid the topic General`],
  ['general_forum_topic_unhidden', (m) => `${who(m.from)} showed the topic General`],
  ['pinned_message', (m) => `${who(m.from)} pinned a message`],
  ['successful_payment', (m) => `${who(m.from)} paid ⭐ ${m.successful_payment.total_amount}`],
  ['refunded_payment', (m) => `⭐ ${m.refunded_payment.total_amount} came back`],
  ['write_access_allowed', () => 'The bot may write to you now'],
];

/** The sentence of a service message, or null when the message is an ordinary one. */
export function serviceText(message) {
  for (const [field, words] of WORDS) if (message[field] !== undefined) return words(message);
  return null;
}
