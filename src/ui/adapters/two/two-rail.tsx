export default function TwoRail() {
  return null;
}
