export default function AllModules() {
  return null;
}
