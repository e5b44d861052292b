export default function TwoAdapters() {
  return null;
}
