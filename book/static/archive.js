// A zip file, written and read: [[name, text], …] to bytes and back. Nothing is compressed in what
// is written; what another program compressed is read too. See PKWARE's APPNOTE.TXT, 4.3 and 4.4.

const LOCAL = 0x04034b50, CENTRAL = 0x02014b50, END = 0x06054b50, UTF_8 = 0x0800;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function checksum(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

// Numbers as they stand in a header: [bytes, value], …
function header(...fields) {
  const bytes = new Uint8Array(fields.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return bytes;
}

function dosTime(now = new Date()) {
  const day = ((now.getFullYear() - 1980) << 9) | ((now.getMonth() + 1) << 5) | now.getDate();
  const time = (now.getHours() << 11) | (now.getMinutes() << 5) | (now.getSeconds() >> 1);
  return [[2, time], [2, day]];
}

export function pack(files) {
  const parts = [], central = [];
  let at = 0;
  for (const [name, text] of files) {
    const path = new TextEncoder().encode(name), bytes = new TextEncoder().encode(text);
    const about = [[2, 20], [2, UTF_8], [2, 0], ...dosTime(), [4, checksum(bytes)],
      [4, bytes.length], [4, bytes.length], [2, path.length], [2, 0]];
    const local = header([4, LOCAL], ...about);
    central.push(header([4, CENTRAL], [2, 20], ...about, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]), path);
    parts.push(local, path, bytes);
    at += local.length + path.length + bytes.length;
  }
  const size = central.reduce((sum, part) => sum + part.length, 0);
  const end = [[4, END], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, at], [2, 0]];
  return new Blob([...parts, ...central, header(...end)], { type: "application/zip" });
}

async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// Throws a RangeError for what is no zip file, or a torn one.
export async function unpack(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer()), view = new DataView(bytes.buffer);
  let end = bytes.length - 22;
  while (view.getUint32(end, true) !== END) end -= 1;
  const files = [];
  let at = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0; count -= 1) {
    const [how, size] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true)];
    const [long, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + long));
    const local = view.getUint32(at + 42, true);
    const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (!name.endsWith("/")) files.push([name, how, bytes.subarray(from, from + size)]);
    at += 46 + long + extra + comment;
  }
  return Promise.all(files.map(async ([name, how, held]) =>
    [name, new TextDecoder().decode(how ? await inflate(held) : held)]));
}
