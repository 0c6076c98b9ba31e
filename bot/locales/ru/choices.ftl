# Что можно выбрать и сделать с картинкой: шаги, варианты, форматы, модели.

moved-by = { $name }: { $said }
button-redo = ↪ Вернуть
wish-like-this = Ещё одна картинка, похожая на эту, с небольшими отличиями

help-all = Все команды
button-done = Готово
nothing-to-film = Пока одна картинка: для видео нужны две.
compared-numbers = Номер { $first } и номер { $second }.
drop-which = Какое имя? /saved покажет все.

## Модели

strength-quick = быстрая, на каждый день
strength-versatile = хороша почти для всего
strength-best = лучшая для деталей и текста
strength-cheap = самая дешёвая, для первых проб
model-price = примерно { $dollars } $
one-size = { $model } рисует в одном размере. У этих моделей их несколько:
choose-nearest = { $model } не рисует { $value }, поэтому ничего не изменилось. Ближе всего { $nearest }.
