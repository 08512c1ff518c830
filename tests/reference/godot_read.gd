# Runs inside Godot 3, headless: prints, for each file of a project, how many nodes and shapes of each class it imported.
extends SceneTree


func count(node, out):
	out[node.get_class()] = out.get(node.get_class(), 0) + 1
	if node is CollisionShape:
		out[node.shape.get_class()] = out.get(node.shape.get_class(), 0) + 1
	for child in node.get_children():
		count(child, out)


func _init():
	for name in ["chunk_0_0", "chunk_0_0_lod1", "chunk_0_0_nav", "border"]:
		var out = {}
		var scene = load("res://" + name + ".glb").instance()
		count(scene, out)
		scene.free()
		print(name, " ", to_json(out))
	quit()
