/** Files written by other programs, and the same files assembled byte by byte. */

export const bytesOf = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));
export const ascii = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

/** numpy 2.4's output for [[1, −2.5, 3e−5], [0.1, 1e30, −0]]. */
export const NUMPY_VALUES = [1, -2.5, 3e-5, 0.1, 1e30, -0];
export const NUMPY_FILES: Readonly<Record<string, string>> = {
  float32:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIA/AAAgwIKo+zfNzMw9yvJJcQAAAIA=',
  'float32, high byte first':
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPmY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo/gAAAwCAAADf7qII9zMzNcUnyyoAAAAA=',
  float64:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAADwPwAAAAAAAATAaR1VTRB1/z6amZmZmZm5P+qMoDlZPilGAAAAAAAAAIA=',
  'float64, high byte first, in Fortran order':
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPmY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo/8AAAAAAAAD+5mZmZmZmawAQAAAAAAABGKT5ZOaCM6j7/dRBNVR1pgAAAAAAAAAA=',
  'float32 in Fortran order, version 2.0':
    'k05VTVBZAgB0AAAAeydkZXNjcic6ICc8ZjQnLCAnZm9ydHJhbl9vcmRlcic6IFRydWUsICdzaGFwZSc6ICgyLCAzKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIA/zczMPQAAIMDK8klxgqj7NwAAAIA=',
  'float32, version 3.0':
    'k05VTVBZAwB0AAAAeydkZXNjcic6ICc8ZjQnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIA/AAAgwIKo+zfNzMw9yvJJcQAAAIA=',
};
/** Files of NumPy, in base64, of [1, 2, 3], [[1, 2], [3, 4]] as int64, zeros of 2 × 2 × 2, and a structured array. */
export const NUMPY_OTHERS = {
  row: 'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIA/AAAAQAAAQEA=',
  integers:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAAAAAAAAAIAAAAAAAAAAwAAAAAAAAAEAAAAAAAAAA==',
  cube: 'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==',
  structured:
    'k05VTVBZAQB2AHsnZGVzY3InOiBbKCdhJywgJzxmNCcpLCAoJ2InLCAnPGY0JyldLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMSwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIA/AAAAQA==',
};

/** ImageMagick 7.1's output, with its format and size. */
export const PICTURES: readonly (readonly [format: string, width: number, height: number, base64: string])[] = [
  [
    'PNG',
    7,
    5,
    'iVBORw0KGgoAAAANSUhEUgAAAAcAAAAFEAIAAABWaL3MAAAAK0lEQVQI12P8/5+BSMBygIGBwYE4pQcZYUoJmc9ygIGBwZ4oRzASYx4EAACzngoJE8GsnwAAAABJRU5ErkJggg==',
  ],
  [
    'JPEG',
    7,
    5,
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/2wBDAQMDAwQDBAgEBAgQCwkLEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBD/wAARCAAFAAcDAREAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAACP/EABkQAAEFAAAAAAAAAAAAAAAAAAABBRdRov/EABUBAQEAAAAAAAAAAAAAAAAAAAcI/8QAGxEAAAcBAAAAAAAAAAAAAAAAAAEGGFGi0VL/2gAMAwEAAhEDEQA/AA9ID1elLFbIj+aloRHDqmbHg//Z',
  ],
  [
    'JPEG',
    7,
    5,
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/2wBDAQMDAwQDBAgEBAgQCwkLEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBD/wgARCAAFAAcDAREAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAAB//EABUBAQEAAAAAAAAAAAAAAAAAAAYH/9oADAMBAAIQAxAAAAEOsSL/xAAWEAADAAAAAAAAAAAAAAAAAAAAAxX/2gAIAQEAAQUCoOP/xAAYEQACAwAAAAAAAAAAAAAAAAAAAQUX8P/aAAgBAwEBPwGw5TM//8QAGBEAAgMAAAAAAAAAAAAAAAAAAAUXUaH/2gAIAQIBAT8BjJPWH//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEABj8Cf//EABYQAAMAAAAAAAAAAAAAAAAAAAAR8P/aAAgBAQABPyGWf//aAAwDAQACAAMAAAAQ3//EABcRAAMBAAAAAAAAAAAAAAAAAABhodH/2gAIAQMBAT8QfWH/xAAXEQADAQAAAAAAAAAAAAAAAAAAAdHw/9oACAECAQE/ENEp/8QAFhAAAwAAAAAAAAAAAAAAAAAAAGGh/9oACAEBAAE/EGUf/9k=',
  ],
  ['GIF', 7, 5, 'R0lGODlhBwAFAPIAAP8AAL8AQIAAf0AAvwAA/4AAgAAAAAAAACH5BAAAAAAALAAAAAAHAAUAAAMNCLoQ/qGISYe9g+hNEgA7'],
  [
    'WebP',
    7,
    5,
    'UklGRlAAAABXRUJQVlA4IEQAAADwAgCdASoHAAUAAgA0JagCdLoBJgP4BhAH6AAdmtw2wAD++G+6PdNv/1xVjD7/+cVYw+//yA//kB/5V/vs5hPlYwoAAA==',
  ],
  [
    'WebP',
    7,
    5,
    'UklGRkIAAABXRUJQVlA4TDUAAAAvBgABAC8QAgHCfxVlBCRElvH/lPkPPkwCyqCQkSRpX4BVWIU9lfPX6onof4zkC/FO+aENAAA=',
  ],
  [
    'WebP',
    7,
    5,
    'UklGRmAAAABXRUJQVlA4WAoAAAAQAAAABgAABAAAQUxQSAoAAAABB1DAiAhERP8DVlA4IDAAAADQAQCdASoHAAUAAgA0JaACdLoB+AADsAD+8MQL/yC5YXXI1/8gP+QH/ID/+PIAAAA=',
  ],
  [
    'BMP',
    3,
    2,
    'Qk1OAAAAAAAAADYAAAAoAAAAAwAAAAIAAAABABgAAAAAABgAAAAAAAAAAAAAAAAAAAAAAAAA/wAA/wAA/wAAAAAAAAD/AAD/AAD/AAAA',
  ],
  ['BMP', 3, 2, 'Qk0yAAAAAAAAABoAAAAMAAAAAwACAAEAGAD/AAD/AAD/AAAAAAAAAP8AAP8AAP8AAAA='],
];

interface NpyParts {
  readonly version?: readonly [number, number];
  readonly header: string;
  readonly body?: Uint8Array;
}

/** An .npy file from its parts, padded to 64 bytes as the format asks. */
export function npyFile({ version = [1, 0], header, body = new Uint8Array(0) }: NpyParts): Uint8Array {
  const before = version[0] === 1 ? 10 : 12;
  const text = `${header.padEnd(Math.ceil((before + header.length + 1) / 64) * 64 - before - 1)}\n`;
  const bytes = new Uint8Array(before + text.length + body.length);
  bytes.set(ascii('\x93NUMPY'));
  bytes.set(version, 6);
  const view = new DataView(bytes.buffer);
  if (version[0] === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(ascii(text), before);
  bytes.set(body, before + text.length);
  return bytes;
}

export type Descr = '<f4' | '>f4' | '<f8' | '>f8';

/** A matrix as numpy would write it: row-major values in, either order and type out. */
export function npyOf(rows: number, cols: number, values: ArrayLike<number>, descr: Descr, fortran: boolean) {
  const size = Number(descr[2]);
  const body = new Uint8Array(size * rows * cols);
  const view = new DataView(body.buffer);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const at = size * (fortran ? j * rows + i : i * cols + j);
      if (size === 4) view.setFloat32(at, values[i * cols + j], descr[0] === '<');
      else view.setFloat64(at, values[i * cols + j], descr[0] === '<');
    }
  }
  const order = fortran ? 'True' : 'False';
  return npyFile({ header: `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${rows}, ${cols}), }`, body });
}
