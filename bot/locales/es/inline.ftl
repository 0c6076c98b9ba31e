## Llamado desde otra parte: como invitado en un chat de otros, o por una consulta inline

inline-painting = En ello…
inline-painting-wish = En ello: { $wish }
inline-paint = Pintar: { $wish }
inline-paint-about = La imagen ocupará el lugar de este mensaje.
inline-soon = Sigo trabajando. La imagen aparecerá ahí por sí sola.
inline-not-yours = Este botón es para la persona que me llamó. Tú también puedes llamarme: escribe mi nombre y un deseo.
inline-help = Escribe después de mi nombre lo que quieres, por ejemplo «un faro al anochecer». O responde a una foto, escribe mi nombre y di qué cambiar.
inline-only-wishes = Aquí solo hago imágenes. Para todo lo demás, abre un chat conmigo.
inline-not-served = No hago imágenes para todo el mundo, y no estás en mi lista. Pregunta a la persona que me administra.
inline-not-yourself = Llámame con tu propio nombre, por favor: aquí no puedo pintar para administradores anónimos ni para canales.
inline-one = Aquí hago una sola versión. Para varias, sigue en privado.
inline-no-chat = La imagen está lista. Para poder mostrarla aquí, primero tienes que abrir un chat conmigo: toca el primer botón y luego Iniciar.
inline-lost = Ya no tengo aquello con lo que se hizo. Llámame otra vez, en respuesta al mismo mensaje.
inline-unheard = No llegué a saber qué pintar. Escribe mi nombre y tu deseo en un mensaje aparte.
inline-forgotten = Has hecho borrar todo lo tuyo, así que aquí no llega ninguna imagen.
button-inline-ready = ¿Está lista?
button-inline-private = Seguir en privado
button-inline-open = Abrir un chat conmigo
button-inline-show-here = Mostrarla aquí
went-on = Seguimos aquí.
went-on-named = Seguimos aquí con «{ $wish }».
went-on-words = Seguimos aquí.
went-on-said = Seguimos aquí.
