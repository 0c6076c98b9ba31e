# O nome do idioma e o menu de comandos: o bot precisa deles em cada idioma desde o início.

language-name = Português

command-start = O que eu faço
command-edit = Pintar ou mudar uma imagem: /edit mais quente
command-help = Todos os comandos
command-new = Começar de novo
command-undo = Voltar uma imagem
command-redo = Avançar outra vez
command-again = O mesmo pedido mais uma vez
command-x4 = Quatro versões de um pedido
command-tree = Todas as imagens desta conversa
command-go = Ir a uma imagem pelo número, como /go 7
command-compare = Antes e depois
command-timelapse = Como a imagem nasceu
command-context = O que o modelo vê
command-save = Guardar uma imagem com nome: /save hat
command-saved = Imagens com nome
command-drop = Esquecer um nome, como /drop hat
command-export = Esta conversa em um zip
command-forget = Apagar o que eu guardo
command-file = A imagem como arquivo, em qualidade total
command-cancel = Parar o que estou pintando
command-allow = Quem pode me usar neste grupo
command-limit = Quantas imagens este grupo pode ter
command-settings = Formato, tamanho, capricho, modelo, idioma
command-model = Escolher o modelo
command-ratio = Escolher o formato, como /ratio 16:9
command-size = Escolher o tamanho
command-effort = Rascunho, normal ou caprichado
command-language = Escolher o meu idioma
command-usage = Quanto custou
command-privacy = O que eu guardo
command-people = Quem me usa e quanto custou
command-admit = Aceitar alguém pelo número
command-block = Bloquear alguém pelo número
command-unblock = Aceitar alguém de novo
