export default function Convert() {
  return null;
}
