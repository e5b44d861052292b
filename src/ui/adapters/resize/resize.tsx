export default function Resize() {
  return null;
}
