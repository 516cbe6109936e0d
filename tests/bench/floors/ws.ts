// The floor of broadcasts below Socket.IO: bare ws, which encodes each posted message once and sends it to every
// socket. It implements as much of Engine.IO as its clients need.
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { WebSocketServer } from 'ws';
import { listen } from './floor-process.ts';

const server = createServer(async (request, response) => {
  const messages = (await json(request)) as readonly { readonly type: string }[];
  for (const message of messages) {
    const text = `42${JSON.stringify([message.type, message])}`;
    for (const client of sockets.clients) client.send(text);
  }
  response.end('[]');
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket) => {
  socket.send('0{}');
  socket.once('message', () => socket.send('40{}'));
});

listen(server);
