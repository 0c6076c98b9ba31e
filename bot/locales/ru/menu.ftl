# Имя языка и меню команд: они нужны боту от каждого языка сразу при запуске.

language-name = Русский

command-start = Что я умею
command-edit = Нарисовать или изменить: /edit теплее
command-help = Все команды
command-new = Начать заново
command-undo = На одну картинку назад
command-redo = Снова вперёд
command-again = То же пожелание ещё раз
command-x4 = Четыре варианта пожелания
command-tree = Все картинки этого разговора
command-go = К картинке по номеру, например /go 7
command-compare = До и после
command-timelapse = Как появилась картинка
command-context = Что видит модель
command-save = Запомнить картинку под именем: /save hat
command-saved = Картинки с именами
command-drop = Забыть имя, например /drop hat
command-export = Этот разговор в zip-архиве
command-forget = Удалить то, что я храню
command-file = Картинка файлом, в полном качестве
command-cancel = Остановить рисование
command-allow = Кому можно пользоваться мной в группе
command-limit = Сколько картинок можно этой группе
command-settings = Форма, размер, старание, модель, язык
command-model = Выбрать модель
command-ratio = Выбрать форму, например /ratio 16:9
command-size = Выбрать размер
command-effort = Черновик, обычно или тщательно
command-language = Выбрать язык бота
command-usage = Сколько это стоило
command-privacy = Что я храню
command-people = Кто мной пользуется и сколько это стоило
command-admit = Допустить кого-нибудь по номеру
command-block = Заблокировать кого-нибудь по номеру
command-unblock = Снова допустить кого-нибудь
