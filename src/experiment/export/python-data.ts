import { deflated, toBase64Url } from '../link/packed.ts';
import { littleEndian, type Tensor } from './safetensors.ts';

/** The file beside a script whose matrices are too large to stand in it. */
export const BESIDE = 'matrices.safetensors';

export const bytesOf = (tensors: readonly Tensor[]): number =>
  tensors.reduce((sum, { data }) => sum + 4 * data.length, 0);

const LINE = 116;

/** Tensors as a Python dict: name → shape, type, and the deflated little-endian numbers in base64, wrapped into lines. */
export async function pythonData(tensors: readonly Tensor[]): Promise<string> {
  const entries: string[] = [];
  for (const { name, shape, data } of tensors) {
    const text = toBase64Url(await deflated(littleEndian(data)));
    const lines = text.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
    const size = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
    entries.push(`    "${name}": (${size}, "${typeOf(data)}", """\n${lines.join('\n')}\n"""),`);
  }
  return `DATA = {\n${entries.join('\n')}\n}`;
}

const typeOf = (data: Float32Array | Int32Array) => (data instanceof Float32Array ? 'float32' : 'int32');

/** Reads DATA: the padding that base64url leaves out is put back. */
export const READ_EMBEDDED = `def tensor(name):
    """A matrix of the run, exactly as the page has it."""
    shape, kind, text = DATA[name]
    packed = base64.urlsafe_b64decode("".join(text.split()) + "==")
    raw = bytearray(zlib.decompress(packed, -15))
    numbers = torch.frombuffer(raw, dtype=getattr(torch, kind)).reshape(shape)
    return numbers.to(DEVICE, DTYPE) if kind == "float32" else numbers.to(DEVICE)`;

/** Reads the file beside the script, whose format is a length, a JSON header and the numbers. */
export const readBeside = (folder: string): string => `def tensor(name):
    """A matrix of the run, exactly as the page has it, from the file beside this one."""
    with open(${folder} / "${BESIDE}", "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        about = json.loads(file.read(length))[name]
        first, last = about["data_offsets"]
        file.seek(8 + length + first)
        raw = bytearray(file.read(last - first))
    kind = {"F32": torch.float32, "I32": torch.int32}[about["dtype"]]
    numbers = torch.frombuffer(raw, dtype=kind).reshape(about["shape"])
    return numbers.to(DEVICE, DTYPE) if kind == torch.float32 else numbers.to(DEVICE)`;
