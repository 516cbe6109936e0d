// The floor of broadcasts: bare Socket.IO. Every socket is in one room, and the server sends each posted message to the
// room.
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { Server } from 'socket.io';
import { listen } from './floor-process.ts';

const ROOM = 'org:default';

const server = createServer(async (request, response) => {
  const messages = (await json(request)) as readonly { readonly type: string }[];
  for (const message of messages) io.to(ROOM).emit(message.type, message);
  response.end('[]');
});
const io = new Server({ serveClient: false });
io.on('connection', (socket) => socket.join(ROOM));
io.attach(server);

listen(server);
