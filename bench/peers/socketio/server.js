// What a Node shop would build: socket.io, its Redis adapter, one INSERT per message before the ack.
// env: PORT, DSN, REDIS_URL, POOL. Installed on demand by bench/messages.py.
const { Server } = require("socket.io");
const { Pool } = require("pg");
const { createClient } = require("redis");
const { createAdapter } = require("@socket.io/redis-adapter");

(async () => {
  const io = new Server({ transports: ["websocket"], perMessageDeflate: false, serveClient: false });
  const pub = createClient({ url: process.env.REDIS_URL });
  const sub = pub.duplicate();
  await Promise.all([pub.connect(), sub.connect()]);
  io.adapter(createAdapter(pub, sub));
  const pool = new Pool({ connectionString: process.env.DSN, max: +(process.env.POOL || 10) });
  await pool.query(`create table if not exists sio_message(id bigint generated always as identity primary key,
    room text not null, role text not null, client_id text not null, body text not null,
    created timestamptz not null default now())`);
  await pool.query("create index if not exists sio_message_room on sio_message(room, id)");
  io.on("connection", (socket) => {
    const { room, role } = socket.handshake.query;
    socket.join(room);
    socket.on("msg", async (m, ack) => {
      const r = await pool.query({
        name: "ins", text: "insert into sio_message(room, role, client_id, body) values($1,$2,$3,$4) returning id",
        values: [room, role, m.id, m.body],
      });
      const seq = r.rows[0].id;
      socket.to(room).emit("msg", { id: m.id, role, seq, body: m.body });
      ack({ id: m.id, seq });
    });
  });
  io.listen(+process.env.PORT, { host: "127.0.0.1" });
})();
