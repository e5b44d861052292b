import { sameBits } from './bits.ts';

sameBits('WebGPU', '?backend=webgpu');
sameBits('the processor', '?backend=cpu');
