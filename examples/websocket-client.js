// The script of the example page: shows the live state of a Plive server, and resumes after a lost connection.
// It is a classic script, because browsers load no modules in a page that was opened from disk.

/** The server puts every socket into this room. The handshake carries the position to resume from. */
const EVERYONE = 'org:default';
/** How long to wait for an acknowledgement of the server, in milliseconds. */
const ANSWER_TIME = 10_000;
/** How long to wait before reading a room's state again after a failure, in milliseconds. */
const READ_AGAIN = 5_000;
const MAX_LOG_LINES = 200;

/** Every status of a service, from best to worst: the label for one service, and for the whole page. */
const STATES = {
  operational: { one: 'Operational', all: 'All systems operational' },
  maintenance: { one: 'Maintenance', all: 'Maintenance under way' },
  degraded: { one: 'Degraded', all: 'Degraded performance' },
  partial: { one: 'Partial outage', all: 'Partial outage' },
  major: { one: 'Major outage', all: 'Major outage' },
};
const RANKING = Object.keys(STATES);

/**
 * The rooms to follow, by name. They are joined as soon as there is a connection, and again after each reconnection.
 */
const rooms = new Map([[EVERYONE, newRoom(EVERYONE)]]);
/** The claims to send to the server about the user of this page; `undefined` until the user authenticates. */
let claims;
let socket;
/** The address that `socket` is connected to. */
let server;
/** The address that the Socket.IO client library was loaded from. */
let libraryFrom;

function newRoom(name) {
  return {
    name,
    services: new Map(),
    incidents: new Map(),
    status: undefined,
    /**
     * Position of the last update that was received, and the entities that changed there: one event can change several.
     */
    position: 0,
    /** The id of the log in which the position is. */
    log: undefined,
    seen: new Set(),
    joining: false,
    /** Updates that are queued while the room's state is read over REST. */
    held: undefined,
  };
}

// Connecting

function connect(address) {
  complain('');
  showConnection('connecting', `Connecting to ${address}`);
  loadLibrary(address).then(
    () => openConnection(address),
    ({ message }) => {
      showConnection('disconnected', 'Not connected');
      complain(message);
    },
  );
}

/** Opens the connection, unless the user has chosen another server in the meantime. */
function openConnection(address) {
  if (connectionState() === 'disconnected') return;
  if (address !== server) moveTo(address);
  socket.connect();
}

/** Each server serves the client library that matches it. */
function loadLibrary(address) {
  if (address === libraryFrom) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = element('script', { src: `${address}/socket.io/socket.io.js` });
    script.onload = () => {
      libraryFrom = address;
      resolve();
    };
    script.onerror = () => reject(new Error(unreachable(address)));
    document.head.append(script);
  });
}

function unreachable(address) {
  const foreign = location.protocol !== 'file:' && address !== location.origin;
  return foreign
    ? `This page may only talk to the server that it came from. Open ${address}/examples/websocket-client.html instead, or this page from disk.`
    : `There is no Plive server at ${address}.`;
}

/** Empties the rooms: positions are meaningless on another server. */
function moveTo(address) {
  socket?.disconnect();
  socket?.removeAllListeners();
  for (const name of rooms.keys()) rooms.set(name, newRoom(name));
  server = address;
  const auth = (send) => send(leftOff(roomNamed(EVERYONE)));
  socket = window.io(address, { autoConnect: false, forceNew: true, auth });
  listen();
  showAll();
}

function listen() {
  socket.onAny((event, body) => writeLog('received', event, body));
  socket.onAnyOutgoing((event, body) => writeLog('sent', event, body));
  socket.on('connect', connected);
  socket.on('disconnect', (reason) => disconnected(reason));
  socket.on('connect_error', ({ message }) => disconnected(message));
  socket.on('service-update', updated);
  socket.on('incident-update', updated);
  socket.on('status-update', statusUpdated);
  socket.on('snapshot', (snapshot) => inRoom(snapshot, (room) => replaceState(room, snapshot)));
  socket.on('resync', (resync) => inRoom(resync, (room) => readState(room, resync)));
}

function connected() {
  showConnection('connected', `Connected to ${server}`);
  writeLog('note', 'connected', { server, id: socket.id });
  const own = claims ? roomsOf(claims) : [];
  for (const room of rooms.values()) if (room.name !== EVERYONE && !own.includes(room)) join(room);
  if (claims) authenticate();
}

function disconnected(reason) {
  if (socket.active) showConnection('connecting', `No connection (${reason}), trying again`);
  else showConnection('disconnected', 'Not connected');
  writeLog('note', 'disconnected', { reason });
}

// Joining rooms

/**
 * Joins a room at its last position. The server sends the missed updates, or the whole state, and then acknowledges.
 */
function join(room) {
  if (room.name.startsWith('tenant:')) return authenticate();
  askToJoin([room], 'join-organization', { organizationId: idOf(room), ...leftOff(room) }, (answer) => {
    if (!answer.room) refused([room]);
    say('join-answer', answer.message ?? '');
  });
}

/** Joins the rooms of the claimed organisation and tenant. This is the only way to join a tenant's room. */
function authenticate() {
  const own = roomsOf(claims);
  askToJoin(own, 'authenticate', { ...claims, ...leftOffTogether(own) }, (answer) => {
    if (!answer.success) refused(own);
    say('authenticate-answer', answer.message ?? `Authenticated as client ${answer.clientId}`);
  });
}

/** Does nothing without a connection: `connected` then authenticates. */
function askToJoin(several, event, message, answered) {
  if (!socket?.connected) return;
  for (const room of several) room.joining = true;
  ask(event, message, (answer) => {
    for (const room of several) room.joining = false;
    if (answer) answered(answer);
    showSoon();
  });
}

/** Sends a message. `answer` gets the acknowledgement of the server, or `undefined` after the timeout. */
function ask(event, message, answered) {
  socket.timeout(ANSWER_TIME).emit(event, message, (error, answer) => {
    if (error) writeLog('note', 'no answer', { message: `${event}: ${error.message}` });
    answered(answer);
  });
}

/** Removes rooms that could not be joined and were never joined before. */
function refused(several) {
  several.filter(({ status }) => !status).forEach(forget);
}

function leave(room) {
  forget(room);
  if (socket?.connected) socket.emit('leave-organization', { organizationId: idOf(room) });
}

function forget(room) {
  if (rooms.get(room.name) === room) rooms.delete(room.name);
  showSoon();
}

function leftOff({ position, log, seen }) {
  return { after: position, log, ...(seen.size > 0 ? { seen: seen.size } : {}) };
}

/** Resumes from the room that is furthest behind. The other rooms ignore updates that they have already received. */
function leftOffTogether(several) {
  if (several.length === 0) return {};
  const after = Math.max(0, Math.min(...several.map(({ position }) => position)) - 1);
  // They are always joined together, so they are of one log.
  return { after, log: several.find(({ log }) => log)?.log };
}

function idOf({ name }) {
  return name.slice(name.indexOf(':') + 1);
}

function roomsOf({ organizationId, tenantId }) {
  return [organizationId && `org:${organizationId}`, tenantId && `tenant:${tenantId}`].filter(Boolean).map(roomNamed);
}

function roomNamed(name) {
  const room = rooms.get(name) ?? newRoom(name);
  rooms.set(name, room);
  return room;
}

// Receiving updates

/**
 * Handles a message in its room, unless the room was left in the meantime. Ignores test messages.
 */
function inRoom({ room: name, test }, action) {
  const room = rooms.get(name);
  if (!room || test) return;
  action(room);
  showSoon();
}

function statusUpdated(update) {
  inRoom(update, (room) => {
    room.status = update.data;
  });
}

function updated(update) {
  inRoom(update, (room) => {
    if (room.held) room.held.push(update);
    else take(room, update);
  });
}

/**
 * Applies the next update of a room. If an update was missed in between, drops this one and joins the room again.
 */
function take(room, update) {
  if (update.prev > room.position) {
    if (!room.joining) join(room);
  } else if (update.position >= room.position) {
    change(room, update);
  }
}

function change(room, { type, data, log, position }) {
  if (position > room.position) room.seen.clear();
  room.position = position;
  room.log = log;
  room.seen.add(`${type} ${data.id}`);
  const entities = type === 'service-update' ? room.services : room.incidents;
  if (data.deleted) entities.delete(data.id);
  else entities.set(data.id, data);
}

function replaceState(room, { log, position, services, incidents, status }) {
  room.services = indexed(services);
  room.incidents = indexed(incidents);
  room.status = status ?? room.status;
  room.position = position;
  room.log = log;
  room.seen.clear();
  room.held = undefined;
}

function indexed(entities) {
  return new Map(entities.map((entity) => [entity.id, entity]));
}

/**
 * Reads a state that is too large for a message. Updates are queued meanwhile: the responses may or may not include
 * them.
 */
async function readState(room, { log, position }) {
  const held = [];
  room.held = held;
  try {
    const [services, incidents] = await Promise.all([
      read('services', room, position),
      read('incidents', room, position),
    ]);
    if (room.held !== held) return;
    replaceState(room, { log, position, services, incidents });
    for (const update of held) take(room, update);
    showSoon();
  } catch (error) {
    if (room.held !== held) return;
    room.held = undefined;
    writeLog('note', 'not read', { reason: error.message });
    setTimeout(() => rooms.get(room.name) === room && join(room), READ_AGAIN);
  }
}

/** `position` is what the room has told of: another server, which may answer this, is to answer with no less. */
async function read(what, room, position) {
  const organizationId = room.name.startsWith('org:') ? idOf(room) : idOf({ name: EVERYONE });
  const tenant = room.name.startsWith('tenant:') ? { tenantId: idOf(room) } : {};
  const response = await fetch(
    `${server}/api/${what}?${new URLSearchParams({ organizationId, ...tenant, at_least: position })}`,
  );
  if (!response.ok) throw new Error(`GET ${response.url} was answered with ${response.status}`);
  const entities = await response.json();
  return entities.filter((entity) => roomOf(entity) === room.name);
}

/** The room that receives the updates of an entity. */
function roomOf({ organizationId, tenantId }) {
  if (organizationId) return `org:${organizationId}`;
  return tenantId ? `tenant:${tenantId}` : EVERYONE;
}

// Rendering. Names and texts can come from anyone: they become text nodes, never markup.

let isShowingSoon = false;

/** Renders once for many updates that arrive together. */
function showSoon() {
  if (isShowingSoon) return;
  isShowingSoon = true;
  setTimeout(() => {
    isShowingSoon = false;
    showAll();
  }, 30);
}

function showAll() {
  showBanner();
  showIncidents();
  showServices();
  showRooms();
}

function showConnection(state, text) {
  const isIdle = state === 'disconnected';
  byId('connection').dataset.state = state;
  say('connection', text);
  say('connect', isIdle ? 'Connect' : 'Disconnect');
  byId('connect').className = isIdle ? '' : 'quiet';
  byId('server').readOnly = !isIdle;
  byId('ping').disabled = state !== 'connected';
  showSoon();
}

function connectionState() {
  return byId('connection').dataset.state;
}

function showBanner() {
  const known = [...rooms.values()].filter(({ status }) => status);
  const ranks = known.map(({ status }) => RANKING.indexOf(status.overallStatus));
  const worst = RANKING[Math.max(...ranks)] ?? 'unknown';
  byId('banner').dataset.status = worst;
  byId('banner-icon').setAttribute('href', `#icon-${worst}`);
  say('headline', STATES[worst]?.all ?? 'Not known yet');
  document.title = `${byId('headline').textContent} · Plive live client`;
  // Without a connection, the page must say that what it shows may be outdated.
  const caveat = connectionState() === 'connected' || known.length === 0 ? [] : ['Not live: as it was last heard'];
  fill('figures', [...caveat, ...known.map(figures)], (line) => element('li', {}, line));
}

function figures({ name, status }) {
  const { totalServices, operationalServices, activeIncidents, averageUptime } = status;
  const running = `${operationalServices} of ${counted(totalServices, 'service')} operational`;
  return `${label(name)}: ${running}, ${counted(activeIncidents, 'open incident')}, average uptime ${percent(averageUptime)}`;
}

function showIncidents() {
  const incidents = entities('incidents').sort((a, b) => compare(b.createdAt, a.createdAt) || compare(b.id, a.id));
  const resolved = incidents.filter(({ status }) => status === 'resolved');
  const open = incidents.filter(({ status }) => status !== 'resolved');
  fill('incidents', open, drawIncident);
  fill('resolved', resolved, drawIncident);
  byId('no-incidents').hidden = open.length > 0;
  byId('resolved-part').hidden = resolved.length === 0;
  say('incidents-count', open.length > 0 ? `${open.length} open` : '');
  say('resolved-title', `Resolved (${resolved.length})`);
}

function showServices() {
  const services = entities('services').sort((a, b) => compare(a.createdAt, b.createdAt) || compare(a.id, b.id));
  fill('services', services, drawService);
  byId('no-services').hidden = services.length > 0;
  say('services-count', services.length > 0 ? counted(services.length, 'service') : '');
}

function showRooms() {
  fill('rooms', [...rooms.values()], drawRoom);
  for (const line of byId('rooms').children) line.querySelector('p').textContent = standing(drawnFrom.get(line));
}

function entities(kind) {
  return [...rooms.values()].flatMap((room) => [...room[kind].values()]);
}

function drawService(service) {
  const { name, description, status, reportedStatus, uptime } = service;
  const about = element('div', {}, element('h3', {}, name), soft(description));
  if (status !== reportedStatus)
    about.append(soft(`Reported as ${reportedStatus}, but an open incident says ${status}`));
  about.append(...placeOf(service));
  const state = element(
    'div',
    { className: 'side' },
    chip(status, STATES[status].one),
    soft(`${percent(uptime)} uptime`),
  );
  return element('li', { className: 'split' }, about, state);
}

function drawIncident(incident) {
  const { title, description, status, impact, affectedServices, createdAt, updates } = incident;
  const line = element('li', {}, element('h3', {}, title));
  line.append(
    element(
      'div',
      { className: 'chips' },
      chip(status, capitalized(status)),
      chip(impact, `${capitalized(impact)} impact`),
    ),
  );
  line.append(element('p', { className: 'text' }, description));
  if (affectedServices.length > 0) line.append(soft(`Affects ${affectedServices.join(', ')}`));
  line.append(soft('Since ', time(createdAt)), ...placeOf(incident));
  if (updates.length > 0) line.append(element('ol', { className: 'timeline' }, ...updates.map(drawUpdate).reverse()));
  return line;
}

function drawUpdate({ status, message, createdAt }) {
  const heading = soft(element('strong', {}, capitalized(status)), ' ', time(createdAt));
  const line = element('li', {}, heading, element('p', { className: 'text' }, message));
  line.dataset.status = status;
  return line;
}

function drawRoom(room) {
  const about = element('div', {}, element('h3', {}, label(room.name)), soft());
  return element('li', { className: 'split' }, about, ...(mayLeave(room) ? [leaveButton(room)] : []));
}

/** The text for a room: its name and position. */
function standing({ name, position, joining }) {
  if (joining) return `${name}, joining`;
  return position > 0 ? `${name}, at position ${position}` : `${name}, nothing heard yet`;
}

/** The public room cannot be left. A tenant's room is left by authenticating for another tenant. */
function mayLeave({ name }) {
  return name.startsWith('org:') && name !== EVERYONE;
}

function leaveButton(room) {
  const whom = element('span', { className: 'unseen' }, ` ${label(room.name)}`);
  const button = element('button', { className: 'quiet', type: 'button' }, 'Leave', whom);
  button.addEventListener('click', () => {
    leave(room);
    // The button disappears: move the keyboard focus to a neighbour.
    byId('join-organization').focus();
  });
  return button;
}

/** The organisation and tenant of an entity, unless they are the default. */
function placeOf(entity) {
  const name = roomOf(entity);
  return name === EVERYONE ? [] : [soft(label(name))];
}

function label(roomName) {
  if (roomName === EVERYONE) return 'Everyone';
  const kind = roomName.startsWith('tenant:') ? 'Tenant' : 'Organization';
  return `${kind} ${idOf({ name: roomName })}`;
}

function chip(status, text) {
  const made = element('span', { className: 'chip' }, text);
  made.dataset.status = status;
  if (text === STATES[status]?.one) made.prepend(icon(status));
  return made;
}

/** An icon whose shape tells the status, so that colour is not the only sign. */
function icon(status) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `#icon-${status}`);
  svg.append(use);
  return svg;
}

function soft(...children) {
  return element('p', { className: 'soft text' }, ...children);
}

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

function time(iso, format = MOMENT) {
  return element('time', { dateTime: iso }, format.format(new Date(iso)));
}

/** The item that each line of a list was rendered from. */
const drawnFrom = new WeakMap();

/**
 * Renders these items in this order. Lines of unchanged items stay in the document, with their focus and selection.
 */
function fill(listId, items, draw) {
  const list = byId(listId);
  const isFirst = list.children.length === 0;
  const kept = keep(list, new Set(items));
  let next = list.firstChild;
  for (const item of items) {
    const line = kept.get(item) ?? drawn(item, draw, isFirst);
    if (line === next) next = next.nextSibling;
    else list.insertBefore(line, next);
  }
}

/** Removes the lines of other items, and returns the remaining lines by their items. */
function keep(list, items) {
  const kept = new Map();
  for (const line of [...list.children]) {
    const item = drawnFrom.get(line);
    if (items.has(item)) kept.set(item, line);
    else line.remove();
  }
  return kept;
}

function drawn(item, draw, isFirst) {
  const line = draw(item);
  // Highlight entries that are new or changed for a moment.
  line.classList.toggle('fresh', !isFirst);
  drawnFrom.set(line, item);
  return line;
}

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function byId(id) {
  return document.getElementById(id);
}

/** Sets a text only if it differs, because screen readers announce every change. */
function say(id, text) {
  const place = byId(id);
  if (place.textContent !== text) place.textContent = text;
}

function complain(text) {
  byId('server').setAttribute('aria-invalid', String(text !== ''));
  say('connect-problem', text);
}

function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function percent(value) {
  return `${value}\u00a0%`;
}

function capitalized(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function compare(a, b) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

// The event log

const DIRECTIONS = { sent: '→', received: '←', note: '•' };

function writeLog(direction, event, body) {
  const arrow = element('span', {}, element('span', { ariaHidden: 'true' }, DIRECTIONS[direction]));
  arrow.append(element('span', { className: 'unseen' }, direction));
  const now = time(new Date().toISOString(), CLOCK);
  const summary = element('summary', {}, now, arrow, element('code', {}, event), element('span', {}, inShort(body)));
  const details = element('details', {}, summary);
  // Most lines are never opened, so their content is rendered only when they are.
  details.addEventListener('toggle', () => details.append(pretty(body)), { once: true });
  const log = byId('log');
  log.prepend(element('li', {}, details));
  if (log.children.length > MAX_LOG_LINES) log.lastChild.remove();
}

function pretty(body) {
  return element('pre', { tabIndex: 0 }, JSON.stringify(body, null, 2) ?? 'nothing');
}

/** A one-line summary of a message. */
function inShort(body) {
  const { room, position, test, data, organizationId, message, reason } = body ?? {};
  const { name, title, status, overallStatus, deleted } = data ?? {};
  const words = [
    test && 'test message',
    name ?? title,
    deleted ? 'deleted' : (status ?? overallStatus),
    message ?? reason,
    room ?? organizationId,
    position > 0 && `position ${position}`,
  ];
  return words.filter((word) => typeof word === 'string').join(' · ');
}

// User actions

function onSubmit(formId, action) {
  byId(formId).addEventListener('submit', (event) => {
    event.preventDefault();
    action(new FormData(event.target), event.target);
  });
}

onSubmit('connect-form', () => {
  if (connectionState() !== 'disconnected') {
    socket?.disconnect();
    showConnection('disconnected', 'Not connected');
    return;
  }
  const { value } = byId('server');
  if (isAddress(value)) connect(new URL(value).origin);
  else complain('Enter an address such as http://localhost:5000');
});

function isAddress(text) {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

onSubmit('join-form', (fields, form) => {
  join(roomNamed(`org:${fields.get('organizationId')}`));
  form.reset();
  showSoon();
});

onSubmit('authenticate-form', (fields) => {
  claims = Object.fromEntries([...fields].filter(([, value]) => value !== ''));
  const own = roomsOf(claims);
  for (const room of rooms.values()) if (room.name.startsWith('tenant:') && !own.includes(room)) forget(room);
  authenticate();
  showSoon();
});

byId('ping').addEventListener('click', () => {
  const asked = performance.now();
  ask('ping', undefined, (answer) => {
    const taken = Math.max(1, Math.round(performance.now() - asked));
    say('ping-answer', answer ? `Pong after ${taken} ms` : 'No answer');
  });
});

byId('clear-log').addEventListener('click', () => byId('log').replaceChildren());

const isFromDisk = location.protocol === 'file:';
byId('server').value = isFromDisk ? 'http://localhost:5000' : location.origin;
showAll();
// Connect at once if the page was loaded from a server.
if (!isFromDisk) connect(location.origin);
