## Chamado de outro lugar: como convidado numa conversa de outros, ou por uma consulta inline

inline-painting = Já estou fazendo…
inline-painting-wish = Já estou fazendo: { $wish }
inline-paint = Pintar: { $wish }
inline-paint-about = A imagem aparece no lugar desta mensagem.
inline-soon = Ainda estou trabalhando. A imagem aparece lá sozinha.
inline-not-yours = Este botão é para a pessoa que me chamou. Você também pode me chamar: escreva meu nome e um pedido.
inline-help = Escreva depois do meu nome o que você quer, como “um farol ao anoitecer”. Ou responda a uma foto, escreva meu nome e diga o que mudar.
inline-only-wishes = Aqui eu só faço imagens. Para todo o resto, abra uma conversa comigo.
inline-not-served = Não faço imagens para todo mundo, e você não está na minha lista. Pergunte à pessoa que me administra.
inline-not-yourself = Chame-me com o seu próprio nome, por favor: aqui não posso pintar para admins anônimos nem para canais.
inline-one = Aqui faço uma versão só. Para várias, continue em particular.
inline-no-chat = A imagem está pronta. Para eu poder mostrá-la aqui, você precisa abrir uma conversa comigo uma vez: toque no primeiro botão e depois em Iniciar.
inline-lost = Não tenho mais aquilo de que isto foi feito. Chame-me de novo, em resposta à mesma mensagem.
inline-unheard = Não fiquei sabendo o que pintar. Escreva meu nome e seu pedido numa mensagem própria.
inline-forgotten = Você mandou apagar tudo o que é seu, por isso não vem nenhuma imagem aqui.
button-inline-ready = Está pronta?
button-inline-private = Continuar em particular
button-inline-open = Abrir uma conversa comigo
button-inline-show-here = Mostrar aqui
went-on = Continuamos aqui.
went-on-named = Continuamos aqui com “{ $wish }”.
went-on-words = Continuamos aqui.
went-on-said = Continuamos aqui.
