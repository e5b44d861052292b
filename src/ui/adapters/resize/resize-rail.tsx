export default function ResizeRail() {
  return null;
}
