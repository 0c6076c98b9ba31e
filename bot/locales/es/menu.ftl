# El nombre del idioma y el menú de comandos: el bot los necesita de cada idioma desde el inicio.

language-name = Español

command-start = Qué hago
command-edit = Pintar o cambiar una imagen: /edit más cálida
command-help = Todos los comandos
command-new = Empezar de nuevo
command-undo = Una imagen atrás
command-redo = Otra vez adelante
command-again = El mismo deseo otra vez
command-x4 = Cuatro versiones de un deseo
command-tree = Todas las imágenes de esta conversación
command-go = Ir a una imagen por su número, como /go 7
command-compare = Antes y después
command-timelapse = Cómo nació la imagen
command-context = Qué ve el modelo
command-save = Recordar una imagen por nombre: /save hat
command-saved = Imágenes recordadas
command-drop = Olvidar un nombre, como /drop hat
command-export = Esta conversación en un zip
command-forget = Borrar lo que guardo
command-file = La imagen como archivo, con toda su calidad
command-cancel = Detener lo que estoy pintando
command-allow = Quién puede usarme en este grupo
command-limit = Cuántas imágenes puede tener este grupo
command-settings = Formato, tamaño, esmero, modelo, idioma
command-model = Elegir el modelo
command-ratio = Elegir el formato, como /ratio 16:9
command-size = Elegir el tamaño
command-effort = Borrador, normal o con cuidado
command-language = Elegir mi idioma
command-usage = Cuánto ha costado
command-privacy = Qué guardo
command-people = Quién me usa y cuánto ha costado
command-admit = Admitir a alguien por su número
command-block = Bloquear a alguien por su número
command-unblock = Volver a admitir a alguien
