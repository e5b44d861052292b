import { processorTest } from './start.ts';

processorTest('Firefox');
